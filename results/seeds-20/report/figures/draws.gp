# gnuplot -e "format='svg'" draws.gp   (or png, pdf)
if (!exists("format")) format = 'svg'
base = format eq 'svg' ? 12 : 9  # font size: pixels of an SVG, points else
if (format eq 'svg') set terminal svg enhanced rounded size 1000,1190 font 'Helvetica,12' background '#ffffff'
if (format eq 'png') set terminal pngcairo enhanced rounded size 1500,1785 font 'Helvetica,9' fontscale 1.5 linewidth 1.5 pointscale 1.5 background '#ffffff'
if (format eq 'pdf') set terminal pdfcairo enhanced rounded size 10.417in,12.396in font 'Helvetica,9' fontscale 1
size_of(share) = sprintf(',%.1f', share * base)
set output 'draws.'.format
set encoding utf8
set border 15 linewidth 0.6 linecolor rgb '#9aa4af'
unset tics
unset key
set multiplot
set xrange [-3.10146:3.15646]
set yrange [-3.20168:3.14968]
set lmargin at screen 0.03000
set rmargin at screen 0.21800
set tmargin at screen 0.97815
set bmargin at screen 0.82017
unset label
set label 'exact' at screen 0.12400, screen 0.98908 center font size_of(1.00) noenhanced
set label 'gaussian' at screen 0.01500, screen 0.89916 center rotate by 90 font size_of(1.0) noenhanced
plot 'draws.dat' index 3 with lines linewidth 0.8 linecolor rgb '#ced5db' notitle, \
     'draws.dat' index 2 with lines linewidth 0.8 linecolor rgb '#b3bcc5' notitle, \
     'draws.dat' index 1 with lines linewidth 0.8 linecolor rgb '#98a2ad' notitle, \
     'draws.dat' index 0 with lines linewidth 0.8 linecolor rgb '#7d8894' notitle, \
     'draws.dat' index 4 using 1:2:(0.00999):(0) with vectors nohead linewidth 2.1 linecolor rgb '#70333333' notitle
set lmargin at screen 0.22400
set rmargin at screen 0.41200
set tmargin at screen 0.97815
set bmargin at screen 0.82017
unset label
set label 'dft' at screen 0.31800, screen 0.98908 center font size_of(1.00) noenhanced
plot 'draws.dat' index 3 with lines linewidth 0.8 linecolor rgb '#ced5db' notitle, \
     'draws.dat' index 2 with lines linewidth 0.8 linecolor rgb '#b3bcc5' notitle, \
     'draws.dat' index 1 with lines linewidth 0.8 linecolor rgb '#98a2ad' notitle, \
     'draws.dat' index 0 with lines linewidth 0.8 linecolor rgb '#7d8894' notitle, \
     'draws.dat' index 5 using 1:2:(0.00999):(0) with vectors nohead linewidth 2.1 linecolor rgb '#600072B2' notitle
set lmargin at screen 0.41800
set rmargin at screen 0.60600
set tmargin at screen 0.97815
set bmargin at screen 0.82017
unset label
set label 'dft-blur' at screen 0.51200, screen 0.98908 center font size_of(1.00) noenhanced
plot 'draws.dat' index 3 with lines linewidth 0.8 linecolor rgb '#ced5db' notitle, \
     'draws.dat' index 2 with lines linewidth 0.8 linecolor rgb '#b3bcc5' notitle, \
     'draws.dat' index 1 with lines linewidth 0.8 linecolor rgb '#98a2ad' notitle, \
     'draws.dat' index 0 with lines linewidth 0.8 linecolor rgb '#7d8894' notitle, \
     'draws.dat' index 6 using 1:2:(0.00999):(0) with vectors nohead linewidth 2.1 linecolor rgb '#600072B2' notitle
set lmargin at screen 0.61200
set rmargin at screen 0.80000
set tmargin at screen 0.97815
set bmargin at screen 0.82017
unset label
set label 'kl' at screen 0.70600, screen 0.98908 center font size_of(1.00) noenhanced
plot 'draws.dat' index 3 with lines linewidth 0.8 linecolor rgb '#ced5db' notitle, \
     'draws.dat' index 2 with lines linewidth 0.8 linecolor rgb '#b3bcc5' notitle, \
     'draws.dat' index 1 with lines linewidth 0.8 linecolor rgb '#98a2ad' notitle, \
     'draws.dat' index 0 with lines linewidth 0.8 linecolor rgb '#7d8894' notitle, \
     'draws.dat' index 7 using 1:2:(0.00999):(0) with vectors nohead linewidth 2.1 linecolor rgb '#600072B2' notitle
set lmargin at screen 0.80600
set rmargin at screen 0.99400
set tmargin at screen 0.97815
set bmargin at screen 0.82017
unset label
set label 'coupling-flow' at screen 0.90000, screen 0.98908 center font size_of(1.00) noenhanced
plot 'draws.dat' index 3 with lines linewidth 0.8 linecolor rgb '#ced5db' notitle, \
     'draws.dat' index 2 with lines linewidth 0.8 linecolor rgb '#b3bcc5' notitle, \
     'draws.dat' index 1 with lines linewidth 0.8 linecolor rgb '#98a2ad' notitle, \
     'draws.dat' index 0 with lines linewidth 0.8 linecolor rgb '#7d8894' notitle, \
     'draws.dat' index 8 using 1:2:(0.00999):(0) with vectors nohead linewidth 2.1 linecolor rgb '#600072B2' notitle
set xrange [-4.44812:4.65012]
set yrange [-2.12644:2.22044]
set lmargin at screen 0.03000
set rmargin at screen 0.21800
set tmargin at screen 0.81513
set bmargin at screen 0.65714
unset label
set label 'mog2' at screen 0.01500, screen 0.73613 center rotate by 90 font size_of(1.0) noenhanced
plot 'draws.dat' index 12 with lines linewidth 0.8 linecolor rgb '#ced5db' notitle, \
     'draws.dat' index 11 with lines linewidth 0.8 linecolor rgb '#b3bcc5' notitle, \
     'draws.dat' index 10 with lines linewidth 0.8 linecolor rgb '#98a2ad' notitle, \
     'draws.dat' index 9 with lines linewidth 0.8 linecolor rgb '#7d8894' notitle, \
     'draws.dat' index 13 using 1:2:(0.0145):(0) with vectors nohead linewidth 2.1 linecolor rgb '#70333333' notitle
set lmargin at screen 0.22400
set rmargin at screen 0.41200
set tmargin at screen 0.81513
set bmargin at screen 0.65714
unset label
plot 'draws.dat' index 12 with lines linewidth 0.8 linecolor rgb '#ced5db' notitle, \
     'draws.dat' index 11 with lines linewidth 0.8 linecolor rgb '#b3bcc5' notitle, \
     'draws.dat' index 10 with lines linewidth 0.8 linecolor rgb '#98a2ad' notitle, \
     'draws.dat' index 9 with lines linewidth 0.8 linecolor rgb '#7d8894' notitle, \
     'draws.dat' index 14 using 1:2:(0.0145):(0) with vectors nohead linewidth 2.1 linecolor rgb '#600072B2' notitle
set lmargin at screen 0.41800
set rmargin at screen 0.60600
set tmargin at screen 0.81513
set bmargin at screen 0.65714
unset label
plot 'draws.dat' index 12 with lines linewidth 0.8 linecolor rgb '#ced5db' notitle, \
     'draws.dat' index 11 with lines linewidth 0.8 linecolor rgb '#b3bcc5' notitle, \
     'draws.dat' index 10 with lines linewidth 0.8 linecolor rgb '#98a2ad' notitle, \
     'draws.dat' index 9 with lines linewidth 0.8 linecolor rgb '#7d8894' notitle, \
     'draws.dat' index 15 using 1:2:(0.0145):(0) with vectors nohead linewidth 2.1 linecolor rgb '#600072B2' notitle
set lmargin at screen 0.61200
set rmargin at screen 0.80000
set tmargin at screen 0.81513
set bmargin at screen 0.65714
unset label
plot 'draws.dat' index 12 with lines linewidth 0.8 linecolor rgb '#ced5db' notitle, \
     'draws.dat' index 11 with lines linewidth 0.8 linecolor rgb '#b3bcc5' notitle, \
     'draws.dat' index 10 with lines linewidth 0.8 linecolor rgb '#98a2ad' notitle, \
     'draws.dat' index 9 with lines linewidth 0.8 linecolor rgb '#7d8894' notitle, \
     'draws.dat' index 16 using 1:2:(0.0145):(0) with vectors nohead linewidth 2.1 linecolor rgb '#600072B2' notitle
set lmargin at screen 0.80600
set rmargin at screen 0.99400
set tmargin at screen 0.81513
set bmargin at screen 0.65714
unset label
plot 'draws.dat' index 12 with lines linewidth 0.8 linecolor rgb '#ced5db' notitle, \
     'draws.dat' index 11 with lines linewidth 0.8 linecolor rgb '#b3bcc5' notitle, \
     'draws.dat' index 10 with lines linewidth 0.8 linecolor rgb '#98a2ad' notitle, \
     'draws.dat' index 9 with lines linewidth 0.8 linecolor rgb '#7d8894' notitle, \
     'draws.dat' index 17 using 1:2:(0.0145):(0) with vectors nohead linewidth 2.1 linecolor rgb '#600072B2' notitle
set xrange [-2.47784:3.86584]
set yrange [-2.01059:11.5985]
set lmargin at screen 0.03000
set rmargin at screen 0.21800
set tmargin at screen 0.65210
set bmargin at screen 0.49412
unset label
set label 'rosenbrock' at screen 0.01500, screen 0.57311 center rotate by 90 font size_of(1.0) noenhanced
plot 'draws.dat' index 21 with lines linewidth 0.8 linecolor rgb '#ced5db' notitle, \
     'draws.dat' index 20 with lines linewidth 0.8 linecolor rgb '#b3bcc5' notitle, \
     'draws.dat' index 19 with lines linewidth 0.8 linecolor rgb '#98a2ad' notitle, \
     'draws.dat' index 18 with lines linewidth 0.8 linecolor rgb '#7d8894' notitle, \
     'draws.dat' index 22 using 1:2:(0.0101):(0) with vectors nohead linewidth 2.1 linecolor rgb '#70333333' notitle
set lmargin at screen 0.22400
set rmargin at screen 0.41200
set tmargin at screen 0.65210
set bmargin at screen 0.49412
unset label
plot 'draws.dat' index 21 with lines linewidth 0.8 linecolor rgb '#ced5db' notitle, \
     'draws.dat' index 20 with lines linewidth 0.8 linecolor rgb '#b3bcc5' notitle, \
     'draws.dat' index 19 with lines linewidth 0.8 linecolor rgb '#98a2ad' notitle, \
     'draws.dat' index 18 with lines linewidth 0.8 linecolor rgb '#7d8894' notitle, \
     'draws.dat' index 23 using 1:2:(0.0101):(0) with vectors nohead linewidth 2.1 linecolor rgb '#600072B2' notitle
set lmargin at screen 0.41800
set rmargin at screen 0.60600
set tmargin at screen 0.65210
set bmargin at screen 0.49412
unset label
plot 'draws.dat' index 21 with lines linewidth 0.8 linecolor rgb '#ced5db' notitle, \
     'draws.dat' index 20 with lines linewidth 0.8 linecolor rgb '#b3bcc5' notitle, \
     'draws.dat' index 19 with lines linewidth 0.8 linecolor rgb '#98a2ad' notitle, \
     'draws.dat' index 18 with lines linewidth 0.8 linecolor rgb '#7d8894' notitle, \
     'draws.dat' index 24 using 1:2:(0.0101):(0) with vectors nohead linewidth 2.1 linecolor rgb '#600072B2' notitle
set lmargin at screen 0.61200
set rmargin at screen 0.80000
set tmargin at screen 0.65210
set bmargin at screen 0.49412
unset label
plot 'draws.dat' index 21 with lines linewidth 0.8 linecolor rgb '#ced5db' notitle, \
     'draws.dat' index 20 with lines linewidth 0.8 linecolor rgb '#b3bcc5' notitle, \
     'draws.dat' index 19 with lines linewidth 0.8 linecolor rgb '#98a2ad' notitle, \
     'draws.dat' index 18 with lines linewidth 0.8 linecolor rgb '#7d8894' notitle, \
     'draws.dat' index 25 using 1:2:(0.0101):(0) with vectors nohead linewidth 2.1 linecolor rgb '#600072B2' notitle
set lmargin at screen 0.80600
set rmargin at screen 0.99400
set tmargin at screen 0.65210
set bmargin at screen 0.49412
unset label
plot 'draws.dat' index 21 with lines linewidth 0.8 linecolor rgb '#ced5db' notitle, \
     'draws.dat' index 20 with lines linewidth 0.8 linecolor rgb '#b3bcc5' notitle, \
     'draws.dat' index 19 with lines linewidth 0.8 linecolor rgb '#98a2ad' notitle, \
     'draws.dat' index 18 with lines linewidth 0.8 linecolor rgb '#7d8894' notitle, \
     'draws.dat' index 26 using 1:2:(0.0101):(0) with vectors nohead linewidth 2.1 linecolor rgb '#600072B2' notitle
set xrange [-3.57174:3.58474]
set yrange [-3.5477:3.5627]
set lmargin at screen 0.03000
set rmargin at screen 0.21800
set tmargin at screen 0.48908
set bmargin at screen 0.33109
unset label
set label 'donut' at screen 0.01500, screen 0.41008 center rotate by 90 font size_of(1.0) noenhanced
plot 'draws.dat' index 30 with lines linewidth 0.8 linecolor rgb '#ced5db' notitle, \
     'draws.dat' index 29 with lines linewidth 0.8 linecolor rgb '#b3bcc5' notitle, \
     'draws.dat' index 28 with lines linewidth 0.8 linecolor rgb '#98a2ad' notitle, \
     'draws.dat' index 27 with lines linewidth 0.8 linecolor rgb '#7d8894' notitle, \
     'draws.dat' index 31 using 1:2:(0.0114):(0) with vectors nohead linewidth 2.1 linecolor rgb '#70333333' notitle
set lmargin at screen 0.22400
set rmargin at screen 0.41200
set tmargin at screen 0.48908
set bmargin at screen 0.33109
unset label
plot 'draws.dat' index 30 with lines linewidth 0.8 linecolor rgb '#ced5db' notitle, \
     'draws.dat' index 29 with lines linewidth 0.8 linecolor rgb '#b3bcc5' notitle, \
     'draws.dat' index 28 with lines linewidth 0.8 linecolor rgb '#98a2ad' notitle, \
     'draws.dat' index 27 with lines linewidth 0.8 linecolor rgb '#7d8894' notitle, \
     'draws.dat' index 32 using 1:2:(0.0114):(0) with vectors nohead linewidth 2.1 linecolor rgb '#600072B2' notitle
set lmargin at screen 0.41800
set rmargin at screen 0.60600
set tmargin at screen 0.48908
set bmargin at screen 0.33109
unset label
plot 'draws.dat' index 30 with lines linewidth 0.8 linecolor rgb '#ced5db' notitle, \
     'draws.dat' index 29 with lines linewidth 0.8 linecolor rgb '#b3bcc5' notitle, \
     'draws.dat' index 28 with lines linewidth 0.8 linecolor rgb '#98a2ad' notitle, \
     'draws.dat' index 27 with lines linewidth 0.8 linecolor rgb '#7d8894' notitle, \
     'draws.dat' index 33 using 1:2:(0.0114):(0) with vectors nohead linewidth 2.1 linecolor rgb '#600072B2' notitle
set lmargin at screen 0.61200
set rmargin at screen 0.80000
set tmargin at screen 0.48908
set bmargin at screen 0.33109
unset label
plot 'draws.dat' index 30 with lines linewidth 0.8 linecolor rgb '#ced5db' notitle, \
     'draws.dat' index 29 with lines linewidth 0.8 linecolor rgb '#b3bcc5' notitle, \
     'draws.dat' index 28 with lines linewidth 0.8 linecolor rgb '#98a2ad' notitle, \
     'draws.dat' index 27 with lines linewidth 0.8 linecolor rgb '#7d8894' notitle, \
     'draws.dat' index 34 using 1:2:(0.0114):(0) with vectors nohead linewidth 2.1 linecolor rgb '#600072B2' notitle
set lmargin at screen 0.80600
set rmargin at screen 0.99400
set tmargin at screen 0.48908
set bmargin at screen 0.33109
unset label
plot 'draws.dat' index 30 with lines linewidth 0.8 linecolor rgb '#ced5db' notitle, \
     'draws.dat' index 29 with lines linewidth 0.8 linecolor rgb '#b3bcc5' notitle, \
     'draws.dat' index 28 with lines linewidth 0.8 linecolor rgb '#98a2ad' notitle, \
     'draws.dat' index 27 with lines linewidth 0.8 linecolor rgb '#7d8894' notitle, \
     'draws.dat' index 35 using 1:2:(0.0114):(0) with vectors nohead linewidth 2.1 linecolor rgb '#600072B2' notitle
set xrange [-9.48404:8.86604]
set yrange [-43.3462:38.3562]
set lmargin at screen 0.03000
set rmargin at screen 0.21800
set tmargin at screen 0.32605
set bmargin at screen 0.16807
unset label
set label 'funnel' at screen 0.01500, screen 0.24706 center rotate by 90 font size_of(1.0) noenhanced
plot 'draws.dat' index 39 with lines linewidth 0.8 linecolor rgb '#ced5db' notitle, \
     'draws.dat' index 38 with lines linewidth 0.8 linecolor rgb '#b3bcc5' notitle, \
     'draws.dat' index 37 with lines linewidth 0.8 linecolor rgb '#98a2ad' notitle, \
     'draws.dat' index 36 with lines linewidth 0.8 linecolor rgb '#7d8894' notitle, \
     'draws.dat' index 40 using 1:2:(0.0293):(0) with vectors nohead linewidth 2.1 linecolor rgb '#70333333' notitle
set lmargin at screen 0.22400
set rmargin at screen 0.41200
set tmargin at screen 0.32605
set bmargin at screen 0.16807
unset label
set label '66 % outside' at graph 0.97, graph 0.06 right noenhanced font size_of(0.75) textcolor rgb '#8a4b00' front
plot 'draws.dat' index 39 with lines linewidth 0.8 linecolor rgb '#ced5db' notitle, \
     'draws.dat' index 38 with lines linewidth 0.8 linecolor rgb '#b3bcc5' notitle, \
     'draws.dat' index 37 with lines linewidth 0.8 linecolor rgb '#98a2ad' notitle, \
     'draws.dat' index 36 with lines linewidth 0.8 linecolor rgb '#7d8894' notitle, \
     'draws.dat' index 41 using 1:2:(0.0293):(0) with vectors nohead linewidth 2.1 linecolor rgb '#600072B2' notitle
set lmargin at screen 0.41800
set rmargin at screen 0.60600
set tmargin at screen 0.32605
set bmargin at screen 0.16807
unset label
plot 'draws.dat' index 39 with lines linewidth 0.8 linecolor rgb '#ced5db' notitle, \
     'draws.dat' index 38 with lines linewidth 0.8 linecolor rgb '#b3bcc5' notitle, \
     'draws.dat' index 37 with lines linewidth 0.8 linecolor rgb '#98a2ad' notitle, \
     'draws.dat' index 36 with lines linewidth 0.8 linecolor rgb '#7d8894' notitle, \
     'draws.dat' index 42 using 1:2:(0.0293):(0) with vectors nohead linewidth 2.1 linecolor rgb '#600072B2' notitle
set lmargin at screen 0.61200
set rmargin at screen 0.80000
set tmargin at screen 0.32605
set bmargin at screen 0.16807
unset label
plot 'draws.dat' index 39 with lines linewidth 0.8 linecolor rgb '#ced5db' notitle, \
     'draws.dat' index 38 with lines linewidth 0.8 linecolor rgb '#b3bcc5' notitle, \
     'draws.dat' index 37 with lines linewidth 0.8 linecolor rgb '#98a2ad' notitle, \
     'draws.dat' index 36 with lines linewidth 0.8 linecolor rgb '#7d8894' notitle, \
     'draws.dat' index 43 using 1:2:(0.0293):(0) with vectors nohead linewidth 2.1 linecolor rgb '#600072B2' notitle
set lmargin at screen 0.80600
set rmargin at screen 0.99400
set tmargin at screen 0.32605
set bmargin at screen 0.16807
unset label
plot 'draws.dat' index 39 with lines linewidth 0.8 linecolor rgb '#ced5db' notitle, \
     'draws.dat' index 38 with lines linewidth 0.8 linecolor rgb '#b3bcc5' notitle, \
     'draws.dat' index 37 with lines linewidth 0.8 linecolor rgb '#98a2ad' notitle, \
     'draws.dat' index 36 with lines linewidth 0.8 linecolor rgb '#7d8894' notitle, \
     'draws.dat' index 44 using 1:2:(0.0293):(0) with vectors nohead linewidth 2.1 linecolor rgb '#600072B2' notitle
set xrange [-4.7363:4.7293]
set yrange [-2.9431:3.3481]
set lmargin at screen 0.03000
set rmargin at screen 0.21800
set tmargin at screen 0.16303
set bmargin at screen 0.00504
unset label
set label 'squiggle' at screen 0.01500, screen 0.08403 center rotate by 90 font size_of(1.0) noenhanced
plot 'draws.dat' index 48 with lines linewidth 0.8 linecolor rgb '#ced5db' notitle, \
     'draws.dat' index 47 with lines linewidth 0.8 linecolor rgb '#b3bcc5' notitle, \
     'draws.dat' index 46 with lines linewidth 0.8 linecolor rgb '#98a2ad' notitle, \
     'draws.dat' index 45 with lines linewidth 0.8 linecolor rgb '#7d8894' notitle, \
     'draws.dat' index 49 using 1:2:(0.0151):(0) with vectors nohead linewidth 2.1 linecolor rgb '#70333333' notitle
set lmargin at screen 0.22400
set rmargin at screen 0.41200
set tmargin at screen 0.16303
set bmargin at screen 0.00504
unset label
set label '6 % outside' at graph 0.97, graph 0.06 right noenhanced font size_of(0.75) textcolor rgb '#8a4b00' front
plot 'draws.dat' index 48 with lines linewidth 0.8 linecolor rgb '#ced5db' notitle, \
     'draws.dat' index 47 with lines linewidth 0.8 linecolor rgb '#b3bcc5' notitle, \
     'draws.dat' index 46 with lines linewidth 0.8 linecolor rgb '#98a2ad' notitle, \
     'draws.dat' index 45 with lines linewidth 0.8 linecolor rgb '#7d8894' notitle, \
     'draws.dat' index 50 using 1:2:(0.0151):(0) with vectors nohead linewidth 2.1 linecolor rgb '#600072B2' notitle
set lmargin at screen 0.41800
set rmargin at screen 0.60600
set tmargin at screen 0.16303
set bmargin at screen 0.00504
unset label
plot 'draws.dat' index 48 with lines linewidth 0.8 linecolor rgb '#ced5db' notitle, \
     'draws.dat' index 47 with lines linewidth 0.8 linecolor rgb '#b3bcc5' notitle, \
     'draws.dat' index 46 with lines linewidth 0.8 linecolor rgb '#98a2ad' notitle, \
     'draws.dat' index 45 with lines linewidth 0.8 linecolor rgb '#7d8894' notitle, \
     'draws.dat' index 51 using 1:2:(0.0151):(0) with vectors nohead linewidth 2.1 linecolor rgb '#600072B2' notitle
set lmargin at screen 0.61200
set rmargin at screen 0.80000
set tmargin at screen 0.16303
set bmargin at screen 0.00504
unset label
plot 'draws.dat' index 48 with lines linewidth 0.8 linecolor rgb '#ced5db' notitle, \
     'draws.dat' index 47 with lines linewidth 0.8 linecolor rgb '#b3bcc5' notitle, \
     'draws.dat' index 46 with lines linewidth 0.8 linecolor rgb '#98a2ad' notitle, \
     'draws.dat' index 45 with lines linewidth 0.8 linecolor rgb '#7d8894' notitle, \
     'draws.dat' index 52 using 1:2:(0.0151):(0) with vectors nohead linewidth 2.1 linecolor rgb '#600072B2' notitle
set lmargin at screen 0.80600
set rmargin at screen 0.99400
set tmargin at screen 0.16303
set bmargin at screen 0.00504
unset label
plot 'draws.dat' index 48 with lines linewidth 0.8 linecolor rgb '#ced5db' notitle, \
     'draws.dat' index 47 with lines linewidth 0.8 linecolor rgb '#b3bcc5' notitle, \
     'draws.dat' index 46 with lines linewidth 0.8 linecolor rgb '#98a2ad' notitle, \
     'draws.dat' index 45 with lines linewidth 0.8 linecolor rgb '#7d8894' notitle, \
     'draws.dat' index 53 using 1:2:(0.0151):(0) with vectors nohead linewidth 2.1 linecolor rgb '#600072B2' notitle
unset multiplot
