# gnuplot -e "format='svg'" draws.gp   (or png, pdf)
if (!exists("format")) format = 'svg'
base = format eq 'svg' ? 12 : 9  # font size: pixels of an SVG, points else
if (format eq 'svg') set terminal svg enhanced rounded size 1000,857 font 'Helvetica,12' background '#ffffff'
if (format eq 'png') set terminal pngcairo enhanced rounded size 1500,1286 font 'Helvetica,9' fontscale 1.5 linewidth 1.5 pointscale 1.5 background '#ffffff'
if (format eq 'pdf') set terminal pdfcairo enhanced rounded size 10.417in,8.927in font 'Helvetica,9' fontscale 1
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
set rmargin at screen 0.16257
set tmargin at screen 0.96966
set bmargin at screen 0.81497
unset label
set label 'exact' at screen 0.09629, screen 0.98483 center font size_of(1.0) noenhanced
set label 'gaussian' at screen 0.01500, screen 0.89232 center rotate by 90 font size_of(1.0) noenhanced
plot 'draws.dat' index 3 with lines linewidth 0.8 linecolor rgb '#ced5db' notitle, \
     'draws.dat' index 2 with lines linewidth 0.8 linecolor rgb '#b3bcc5' notitle, \
     'draws.dat' index 1 with lines linewidth 0.8 linecolor rgb '#98a2ad' notitle, \
     'draws.dat' index 0 with lines linewidth 0.8 linecolor rgb '#7d8894' notitle, \
     'draws.dat' index 4 using 1:2:(0.0142):(0) with vectors nohead linewidth 2.1 linecolor rgb '#70333333' notitle
set lmargin at screen 0.16857
set rmargin at screen 0.30114
set tmargin at screen 0.96966
set bmargin at screen 0.81497
unset label
set label 'ula' at screen 0.23486, screen 0.98483 center font size_of(1.0) noenhanced
plot 'draws.dat' index 3 with lines linewidth 0.8 linecolor rgb '#ced5db' notitle, \
     'draws.dat' index 2 with lines linewidth 0.8 linecolor rgb '#b3bcc5' notitle, \
     'draws.dat' index 1 with lines linewidth 0.8 linecolor rgb '#98a2ad' notitle, \
     'draws.dat' index 0 with lines linewidth 0.8 linecolor rgb '#7d8894' notitle, \
     'draws.dat' index 5 using 1:2:(0.0142):(0) with vectors nohead linewidth 2.1 linecolor rgb '#600072B2' notitle
set lmargin at screen 0.30714
set rmargin at screen 0.43971
set tmargin at screen 0.96966
set bmargin at screen 0.81497
unset label
set label 'mala' at screen 0.37343, screen 0.98483 center font size_of(1.0) noenhanced
plot 'draws.dat' index 3 with lines linewidth 0.8 linecolor rgb '#ced5db' notitle, \
     'draws.dat' index 2 with lines linewidth 0.8 linecolor rgb '#b3bcc5' notitle, \
     'draws.dat' index 1 with lines linewidth 0.8 linecolor rgb '#98a2ad' notitle, \
     'draws.dat' index 0 with lines linewidth 0.8 linecolor rgb '#7d8894' notitle, \
     'draws.dat' index 6 using 1:2:(0.0142):(0) with vectors nohead linewidth 2.1 linecolor rgb '#600072B2' notitle
set lmargin at screen 0.44571
set rmargin at screen 0.57829
set tmargin at screen 0.96966
set bmargin at screen 0.81497
unset label
set label 'hmc' at screen 0.51200, screen 0.98483 center font size_of(1.0) noenhanced
plot 'draws.dat' index 3 with lines linewidth 0.8 linecolor rgb '#ced5db' notitle, \
     'draws.dat' index 2 with lines linewidth 0.8 linecolor rgb '#b3bcc5' notitle, \
     'draws.dat' index 1 with lines linewidth 0.8 linecolor rgb '#98a2ad' notitle, \
     'draws.dat' index 0 with lines linewidth 0.8 linecolor rgb '#7d8894' notitle, \
     'draws.dat' index 7 using 1:2:(0.0142):(0) with vectors nohead linewidth 2.1 linecolor rgb '#600072B2' notitle
set lmargin at screen 0.58429
set rmargin at screen 0.71686
set tmargin at screen 0.96966
set bmargin at screen 0.81497
unset label
set label 'svgd' at screen 0.65057, screen 0.98483 center font size_of(1.0) noenhanced
plot 'draws.dat' index 3 with lines linewidth 0.8 linecolor rgb '#ced5db' notitle, \
     'draws.dat' index 2 with lines linewidth 0.8 linecolor rgb '#b3bcc5' notitle, \
     'draws.dat' index 1 with lines linewidth 0.8 linecolor rgb '#98a2ad' notitle, \
     'draws.dat' index 0 with lines linewidth 0.8 linecolor rgb '#7d8894' notitle, \
     'draws.dat' index 8 using 1:2:(0.0142):(0) with vectors nohead linewidth 2.1 linecolor rgb '#600072B2' notitle
set lmargin at screen 0.72286
set rmargin at screen 0.85543
set tmargin at screen 0.96966
set bmargin at screen 0.81497
unset label
set label 'kl' at screen 0.78914, screen 0.98483 center font size_of(1.0) noenhanced
plot 'draws.dat' index 3 with lines linewidth 0.8 linecolor rgb '#ced5db' notitle, \
     'draws.dat' index 2 with lines linewidth 0.8 linecolor rgb '#b3bcc5' notitle, \
     'draws.dat' index 1 with lines linewidth 0.8 linecolor rgb '#98a2ad' notitle, \
     'draws.dat' index 0 with lines linewidth 0.8 linecolor rgb '#7d8894' notitle, \
     'draws.dat' index 9 using 1:2:(0.0142):(0) with vectors nohead linewidth 2.1 linecolor rgb '#600072B2' notitle
set lmargin at screen 0.86143
set rmargin at screen 0.99400
set tmargin at screen 0.96966
set bmargin at screen 0.81497
unset label
set label 'dft' at screen 0.92771, screen 0.98483 center font size_of(1.0) noenhanced
plot 'draws.dat' index 3 with lines linewidth 0.8 linecolor rgb '#ced5db' notitle, \
     'draws.dat' index 2 with lines linewidth 0.8 linecolor rgb '#b3bcc5' notitle, \
     'draws.dat' index 1 with lines linewidth 0.8 linecolor rgb '#98a2ad' notitle, \
     'draws.dat' index 0 with lines linewidth 0.8 linecolor rgb '#7d8894' notitle, \
     'draws.dat' index 10 using 1:2:(0.0142):(0) with vectors nohead linewidth 2.1 linecolor rgb '#600072B2' notitle
set xrange [-4.44812:4.65012]
set yrange [-2.12644:2.22044]
set lmargin at screen 0.03000
set rmargin at screen 0.16257
set tmargin at screen 0.80797
set bmargin at screen 0.65328
unset label
set label 'mog2' at screen 0.01500, screen 0.73062 center rotate by 90 font size_of(1.0) noenhanced
plot 'draws.dat' index 14 with lines linewidth 0.8 linecolor rgb '#ced5db' notitle, \
     'draws.dat' index 13 with lines linewidth 0.8 linecolor rgb '#b3bcc5' notitle, \
     'draws.dat' index 12 with lines linewidth 0.8 linecolor rgb '#98a2ad' notitle, \
     'draws.dat' index 11 with lines linewidth 0.8 linecolor rgb '#7d8894' notitle, \
     'draws.dat' index 15 using 1:2:(0.0206):(0) with vectors nohead linewidth 2.1 linecolor rgb '#70333333' notitle
set lmargin at screen 0.16857
set rmargin at screen 0.30114
set tmargin at screen 0.80797
set bmargin at screen 0.65328
unset label
plot 'draws.dat' index 14 with lines linewidth 0.8 linecolor rgb '#ced5db' notitle, \
     'draws.dat' index 13 with lines linewidth 0.8 linecolor rgb '#b3bcc5' notitle, \
     'draws.dat' index 12 with lines linewidth 0.8 linecolor rgb '#98a2ad' notitle, \
     'draws.dat' index 11 with lines linewidth 0.8 linecolor rgb '#7d8894' notitle, \
     'draws.dat' index 16 using 1:2:(0.0206):(0) with vectors nohead linewidth 2.1 linecolor rgb '#600072B2' notitle
set lmargin at screen 0.30714
set rmargin at screen 0.43971
set tmargin at screen 0.80797
set bmargin at screen 0.65328
unset label
plot 'draws.dat' index 14 with lines linewidth 0.8 linecolor rgb '#ced5db' notitle, \
     'draws.dat' index 13 with lines linewidth 0.8 linecolor rgb '#b3bcc5' notitle, \
     'draws.dat' index 12 with lines linewidth 0.8 linecolor rgb '#98a2ad' notitle, \
     'draws.dat' index 11 with lines linewidth 0.8 linecolor rgb '#7d8894' notitle, \
     'draws.dat' index 17 using 1:2:(0.0206):(0) with vectors nohead linewidth 2.1 linecolor rgb '#600072B2' notitle
set lmargin at screen 0.44571
set rmargin at screen 0.57829
set tmargin at screen 0.80797
set bmargin at screen 0.65328
unset label
plot 'draws.dat' index 14 with lines linewidth 0.8 linecolor rgb '#ced5db' notitle, \
     'draws.dat' index 13 with lines linewidth 0.8 linecolor rgb '#b3bcc5' notitle, \
     'draws.dat' index 12 with lines linewidth 0.8 linecolor rgb '#98a2ad' notitle, \
     'draws.dat' index 11 with lines linewidth 0.8 linecolor rgb '#7d8894' notitle, \
     'draws.dat' index 18 using 1:2:(0.0206):(0) with vectors nohead linewidth 2.1 linecolor rgb '#600072B2' notitle
set lmargin at screen 0.58429
set rmargin at screen 0.71686
set tmargin at screen 0.80797
set bmargin at screen 0.65328
unset label
plot 'draws.dat' index 14 with lines linewidth 0.8 linecolor rgb '#ced5db' notitle, \
     'draws.dat' index 13 with lines linewidth 0.8 linecolor rgb '#b3bcc5' notitle, \
     'draws.dat' index 12 with lines linewidth 0.8 linecolor rgb '#98a2ad' notitle, \
     'draws.dat' index 11 with lines linewidth 0.8 linecolor rgb '#7d8894' notitle, \
     'draws.dat' index 19 using 1:2:(0.0206):(0) with vectors nohead linewidth 2.1 linecolor rgb '#600072B2' notitle
set lmargin at screen 0.72286
set rmargin at screen 0.85543
set tmargin at screen 0.80797
set bmargin at screen 0.65328
unset label
plot 'draws.dat' index 14 with lines linewidth 0.8 linecolor rgb '#ced5db' notitle, \
     'draws.dat' index 13 with lines linewidth 0.8 linecolor rgb '#b3bcc5' notitle, \
     'draws.dat' index 12 with lines linewidth 0.8 linecolor rgb '#98a2ad' notitle, \
     'draws.dat' index 11 with lines linewidth 0.8 linecolor rgb '#7d8894' notitle, \
     'draws.dat' index 20 using 1:2:(0.0206):(0) with vectors nohead linewidth 2.1 linecolor rgb '#600072B2' notitle
set lmargin at screen 0.86143
set rmargin at screen 0.99400
set tmargin at screen 0.80797
set bmargin at screen 0.65328
unset label
plot 'draws.dat' index 14 with lines linewidth 0.8 linecolor rgb '#ced5db' notitle, \
     'draws.dat' index 13 with lines linewidth 0.8 linecolor rgb '#b3bcc5' notitle, \
     'draws.dat' index 12 with lines linewidth 0.8 linecolor rgb '#98a2ad' notitle, \
     'draws.dat' index 11 with lines linewidth 0.8 linecolor rgb '#7d8894' notitle, \
     'draws.dat' index 21 using 1:2:(0.0206):(0) with vectors nohead linewidth 2.1 linecolor rgb '#600072B2' notitle
set xrange [-2.47784:3.86584]
set yrange [-2.01059:11.5985]
set lmargin at screen 0.03000
set rmargin at screen 0.16257
set tmargin at screen 0.64627
set bmargin at screen 0.49158
unset label
set label 'rosenbrock' at screen 0.01500, screen 0.56893 center rotate by 90 font size_of(1.0) noenhanced
plot 'draws.dat' index 25 with lines linewidth 0.8 linecolor rgb '#ced5db' notitle, \
     'draws.dat' index 24 with lines linewidth 0.8 linecolor rgb '#b3bcc5' notitle, \
     'draws.dat' index 23 with lines linewidth 0.8 linecolor rgb '#98a2ad' notitle, \
     'draws.dat' index 22 with lines linewidth 0.8 linecolor rgb '#7d8894' notitle, \
     'draws.dat' index 26 using 1:2:(0.0144):(0) with vectors nohead linewidth 2.1 linecolor rgb '#70333333' notitle
set lmargin at screen 0.16857
set rmargin at screen 0.30114
set tmargin at screen 0.64627
set bmargin at screen 0.49158
unset label
plot 'draws.dat' index 25 with lines linewidth 0.8 linecolor rgb '#ced5db' notitle, \
     'draws.dat' index 24 with lines linewidth 0.8 linecolor rgb '#b3bcc5' notitle, \
     'draws.dat' index 23 with lines linewidth 0.8 linecolor rgb '#98a2ad' notitle, \
     'draws.dat' index 22 with lines linewidth 0.8 linecolor rgb '#7d8894' notitle, \
     'draws.dat' index 27 using 1:2:(0.0144):(0) with vectors nohead linewidth 2.1 linecolor rgb '#600072B2' notitle
set lmargin at screen 0.30714
set rmargin at screen 0.43971
set tmargin at screen 0.64627
set bmargin at screen 0.49158
unset label
plot 'draws.dat' index 25 with lines linewidth 0.8 linecolor rgb '#ced5db' notitle, \
     'draws.dat' index 24 with lines linewidth 0.8 linecolor rgb '#b3bcc5' notitle, \
     'draws.dat' index 23 with lines linewidth 0.8 linecolor rgb '#98a2ad' notitle, \
     'draws.dat' index 22 with lines linewidth 0.8 linecolor rgb '#7d8894' notitle, \
     'draws.dat' index 28 using 1:2:(0.0144):(0) with vectors nohead linewidth 2.1 linecolor rgb '#600072B2' notitle
set lmargin at screen 0.44571
set rmargin at screen 0.57829
set tmargin at screen 0.64627
set bmargin at screen 0.49158
unset label
plot 'draws.dat' index 25 with lines linewidth 0.8 linecolor rgb '#ced5db' notitle, \
     'draws.dat' index 24 with lines linewidth 0.8 linecolor rgb '#b3bcc5' notitle, \
     'draws.dat' index 23 with lines linewidth 0.8 linecolor rgb '#98a2ad' notitle, \
     'draws.dat' index 22 with lines linewidth 0.8 linecolor rgb '#7d8894' notitle, \
     'draws.dat' index 29 using 1:2:(0.0144):(0) with vectors nohead linewidth 2.1 linecolor rgb '#600072B2' notitle
set lmargin at screen 0.58429
set rmargin at screen 0.71686
set tmargin at screen 0.64627
set bmargin at screen 0.49158
unset label
plot 'draws.dat' index 25 with lines linewidth 0.8 linecolor rgb '#ced5db' notitle, \
     'draws.dat' index 24 with lines linewidth 0.8 linecolor rgb '#b3bcc5' notitle, \
     'draws.dat' index 23 with lines linewidth 0.8 linecolor rgb '#98a2ad' notitle, \
     'draws.dat' index 22 with lines linewidth 0.8 linecolor rgb '#7d8894' notitle, \
     'draws.dat' index 30 using 1:2:(0.0144):(0) with vectors nohead linewidth 2.1 linecolor rgb '#600072B2' notitle
set lmargin at screen 0.72286
set rmargin at screen 0.85543
set tmargin at screen 0.64627
set bmargin at screen 0.49158
unset label
plot 'draws.dat' index 25 with lines linewidth 0.8 linecolor rgb '#ced5db' notitle, \
     'draws.dat' index 24 with lines linewidth 0.8 linecolor rgb '#b3bcc5' notitle, \
     'draws.dat' index 23 with lines linewidth 0.8 linecolor rgb '#98a2ad' notitle, \
     'draws.dat' index 22 with lines linewidth 0.8 linecolor rgb '#7d8894' notitle, \
     'draws.dat' index 31 using 1:2:(0.0144):(0) with vectors nohead linewidth 2.1 linecolor rgb '#600072B2' notitle
set lmargin at screen 0.86143
set rmargin at screen 0.99400
set tmargin at screen 0.64627
set bmargin at screen 0.49158
unset label
plot 'draws.dat' index 25 with lines linewidth 0.8 linecolor rgb '#ced5db' notitle, \
     'draws.dat' index 24 with lines linewidth 0.8 linecolor rgb '#b3bcc5' notitle, \
     'draws.dat' index 23 with lines linewidth 0.8 linecolor rgb '#98a2ad' notitle, \
     'draws.dat' index 22 with lines linewidth 0.8 linecolor rgb '#7d8894' notitle, \
     'draws.dat' index 32 using 1:2:(0.0144):(0) with vectors nohead linewidth 2.1 linecolor rgb '#600072B2' notitle
set xrange [-3.57174:3.58474]
set yrange [-3.5477:3.5627]
set lmargin at screen 0.03000
set rmargin at screen 0.16257
set tmargin at screen 0.48458
set bmargin at screen 0.32989
unset label
set label 'donut' at screen 0.01500, screen 0.40723 center rotate by 90 font size_of(1.0) noenhanced
plot 'draws.dat' index 36 with lines linewidth 0.8 linecolor rgb '#ced5db' notitle, \
     'draws.dat' index 35 with lines linewidth 0.8 linecolor rgb '#b3bcc5' notitle, \
     'draws.dat' index 34 with lines linewidth 0.8 linecolor rgb '#98a2ad' notitle, \
     'draws.dat' index 33 with lines linewidth 0.8 linecolor rgb '#7d8894' notitle, \
     'draws.dat' index 37 using 1:2:(0.0162):(0) with vectors nohead linewidth 2.1 linecolor rgb '#70333333' notitle
set lmargin at screen 0.16857
set rmargin at screen 0.30114
set tmargin at screen 0.48458
set bmargin at screen 0.32989
unset label
plot 'draws.dat' index 36 with lines linewidth 0.8 linecolor rgb '#ced5db' notitle, \
     'draws.dat' index 35 with lines linewidth 0.8 linecolor rgb '#b3bcc5' notitle, \
     'draws.dat' index 34 with lines linewidth 0.8 linecolor rgb '#98a2ad' notitle, \
     'draws.dat' index 33 with lines linewidth 0.8 linecolor rgb '#7d8894' notitle, \
     'draws.dat' index 38 using 1:2:(0.0162):(0) with vectors nohead linewidth 2.1 linecolor rgb '#600072B2' notitle
set lmargin at screen 0.30714
set rmargin at screen 0.43971
set tmargin at screen 0.48458
set bmargin at screen 0.32989
unset label
plot 'draws.dat' index 36 with lines linewidth 0.8 linecolor rgb '#ced5db' notitle, \
     'draws.dat' index 35 with lines linewidth 0.8 linecolor rgb '#b3bcc5' notitle, \
     'draws.dat' index 34 with lines linewidth 0.8 linecolor rgb '#98a2ad' notitle, \
     'draws.dat' index 33 with lines linewidth 0.8 linecolor rgb '#7d8894' notitle, \
     'draws.dat' index 39 using 1:2:(0.0162):(0) with vectors nohead linewidth 2.1 linecolor rgb '#600072B2' notitle
set lmargin at screen 0.44571
set rmargin at screen 0.57829
set tmargin at screen 0.48458
set bmargin at screen 0.32989
unset label
plot 'draws.dat' index 36 with lines linewidth 0.8 linecolor rgb '#ced5db' notitle, \
     'draws.dat' index 35 with lines linewidth 0.8 linecolor rgb '#b3bcc5' notitle, \
     'draws.dat' index 34 with lines linewidth 0.8 linecolor rgb '#98a2ad' notitle, \
     'draws.dat' index 33 with lines linewidth 0.8 linecolor rgb '#7d8894' notitle, \
     'draws.dat' index 40 using 1:2:(0.0162):(0) with vectors nohead linewidth 2.1 linecolor rgb '#600072B2' notitle
set lmargin at screen 0.58429
set rmargin at screen 0.71686
set tmargin at screen 0.48458
set bmargin at screen 0.32989
unset label
plot 'draws.dat' index 36 with lines linewidth 0.8 linecolor rgb '#ced5db' notitle, \
     'draws.dat' index 35 with lines linewidth 0.8 linecolor rgb '#b3bcc5' notitle, \
     'draws.dat' index 34 with lines linewidth 0.8 linecolor rgb '#98a2ad' notitle, \
     'draws.dat' index 33 with lines linewidth 0.8 linecolor rgb '#7d8894' notitle, \
     'draws.dat' index 41 using 1:2:(0.0162):(0) with vectors nohead linewidth 2.1 linecolor rgb '#600072B2' notitle
set lmargin at screen 0.72286
set rmargin at screen 0.85543
set tmargin at screen 0.48458
set bmargin at screen 0.32989
unset label
plot 'draws.dat' index 36 with lines linewidth 0.8 linecolor rgb '#ced5db' notitle, \
     'draws.dat' index 35 with lines linewidth 0.8 linecolor rgb '#b3bcc5' notitle, \
     'draws.dat' index 34 with lines linewidth 0.8 linecolor rgb '#98a2ad' notitle, \
     'draws.dat' index 33 with lines linewidth 0.8 linecolor rgb '#7d8894' notitle, \
     'draws.dat' index 42 using 1:2:(0.0162):(0) with vectors nohead linewidth 2.1 linecolor rgb '#600072B2' notitle
set lmargin at screen 0.86143
set rmargin at screen 0.99400
set tmargin at screen 0.48458
set bmargin at screen 0.32989
unset label
plot 'draws.dat' index 36 with lines linewidth 0.8 linecolor rgb '#ced5db' notitle, \
     'draws.dat' index 35 with lines linewidth 0.8 linecolor rgb '#b3bcc5' notitle, \
     'draws.dat' index 34 with lines linewidth 0.8 linecolor rgb '#98a2ad' notitle, \
     'draws.dat' index 33 with lines linewidth 0.8 linecolor rgb '#7d8894' notitle, \
     'draws.dat' index 43 using 1:2:(0.0162):(0) with vectors nohead linewidth 2.1 linecolor rgb '#600072B2' notitle
set xrange [-9.48404:8.86604]
set yrange [-43.3462:38.3562]
set lmargin at screen 0.03000
set rmargin at screen 0.16257
set tmargin at screen 0.32289
set bmargin at screen 0.16819
unset label
set label 'funnel' at screen 0.01500, screen 0.24554 center rotate by 90 font size_of(1.0) noenhanced
plot 'draws.dat' index 47 with lines linewidth 0.8 linecolor rgb '#ced5db' notitle, \
     'draws.dat' index 46 with lines linewidth 0.8 linecolor rgb '#b3bcc5' notitle, \
     'draws.dat' index 45 with lines linewidth 0.8 linecolor rgb '#98a2ad' notitle, \
     'draws.dat' index 44 with lines linewidth 0.8 linecolor rgb '#7d8894' notitle, \
     'draws.dat' index 48 using 1:2:(0.0415):(0) with vectors nohead linewidth 2.1 linecolor rgb '#70333333' notitle
set lmargin at screen 0.16857
set rmargin at screen 0.30114
set tmargin at screen 0.32289
set bmargin at screen 0.16819
unset label
plot 'draws.dat' index 47 with lines linewidth 0.8 linecolor rgb '#ced5db' notitle, \
     'draws.dat' index 46 with lines linewidth 0.8 linecolor rgb '#b3bcc5' notitle, \
     'draws.dat' index 45 with lines linewidth 0.8 linecolor rgb '#98a2ad' notitle, \
     'draws.dat' index 44 with lines linewidth 0.8 linecolor rgb '#7d8894' notitle, \
     'draws.dat' index 49 using 1:2:(0.0415):(0) with vectors nohead linewidth 2.1 linecolor rgb '#600072B2' notitle
set lmargin at screen 0.30714
set rmargin at screen 0.43971
set tmargin at screen 0.32289
set bmargin at screen 0.16819
unset label
plot 'draws.dat' index 47 with lines linewidth 0.8 linecolor rgb '#ced5db' notitle, \
     'draws.dat' index 46 with lines linewidth 0.8 linecolor rgb '#b3bcc5' notitle, \
     'draws.dat' index 45 with lines linewidth 0.8 linecolor rgb '#98a2ad' notitle, \
     'draws.dat' index 44 with lines linewidth 0.8 linecolor rgb '#7d8894' notitle, \
     'draws.dat' index 50 using 1:2:(0.0415):(0) with vectors nohead linewidth 2.1 linecolor rgb '#600072B2' notitle
set lmargin at screen 0.44571
set rmargin at screen 0.57829
set tmargin at screen 0.32289
set bmargin at screen 0.16819
unset label
plot 'draws.dat' index 47 with lines linewidth 0.8 linecolor rgb '#ced5db' notitle, \
     'draws.dat' index 46 with lines linewidth 0.8 linecolor rgb '#b3bcc5' notitle, \
     'draws.dat' index 45 with lines linewidth 0.8 linecolor rgb '#98a2ad' notitle, \
     'draws.dat' index 44 with lines linewidth 0.8 linecolor rgb '#7d8894' notitle, \
     'draws.dat' index 51 using 1:2:(0.0415):(0) with vectors nohead linewidth 2.1 linecolor rgb '#600072B2' notitle
set lmargin at screen 0.58429
set rmargin at screen 0.71686
set tmargin at screen 0.32289
set bmargin at screen 0.16819
unset label
plot 'draws.dat' index 47 with lines linewidth 0.8 linecolor rgb '#ced5db' notitle, \
     'draws.dat' index 46 with lines linewidth 0.8 linecolor rgb '#b3bcc5' notitle, \
     'draws.dat' index 45 with lines linewidth 0.8 linecolor rgb '#98a2ad' notitle, \
     'draws.dat' index 44 with lines linewidth 0.8 linecolor rgb '#7d8894' notitle, \
     'draws.dat' index 52 using 1:2:(0.0415):(0) with vectors nohead linewidth 2.1 linecolor rgb '#600072B2' notitle
set lmargin at screen 0.72286
set rmargin at screen 0.85543
set tmargin at screen 0.32289
set bmargin at screen 0.16819
unset label
plot 'draws.dat' index 47 with lines linewidth 0.8 linecolor rgb '#ced5db' notitle, \
     'draws.dat' index 46 with lines linewidth 0.8 linecolor rgb '#b3bcc5' notitle, \
     'draws.dat' index 45 with lines linewidth 0.8 linecolor rgb '#98a2ad' notitle, \
     'draws.dat' index 44 with lines linewidth 0.8 linecolor rgb '#7d8894' notitle, \
     'draws.dat' index 53 using 1:2:(0.0415):(0) with vectors nohead linewidth 2.1 linecolor rgb '#600072B2' notitle
set lmargin at screen 0.86143
set rmargin at screen 0.99400
set tmargin at screen 0.32289
set bmargin at screen 0.16819
unset label
set label '100 % outside' at graph 0.97, graph 0.06 right noenhanced font size_of(0.75) textcolor rgb '#8a4b00' front
plot 'draws.dat' index 47 with lines linewidth 0.8 linecolor rgb '#ced5db' notitle, \
     'draws.dat' index 46 with lines linewidth 0.8 linecolor rgb '#b3bcc5' notitle, \
     'draws.dat' index 45 with lines linewidth 0.8 linecolor rgb '#98a2ad' notitle, \
     'draws.dat' index 44 with lines linewidth 0.8 linecolor rgb '#7d8894' notitle
set xrange [-4.7363:4.7293]
set yrange [-2.9431:3.3481]
set lmargin at screen 0.03000
set rmargin at screen 0.16257
set tmargin at screen 0.16119
set bmargin at screen 0.00650
unset label
set label 'squiggle' at screen 0.01500, screen 0.08385 center rotate by 90 font size_of(1.0) noenhanced
plot 'draws.dat' index 57 with lines linewidth 0.8 linecolor rgb '#ced5db' notitle, \
     'draws.dat' index 56 with lines linewidth 0.8 linecolor rgb '#b3bcc5' notitle, \
     'draws.dat' index 55 with lines linewidth 0.8 linecolor rgb '#98a2ad' notitle, \
     'draws.dat' index 54 with lines linewidth 0.8 linecolor rgb '#7d8894' notitle, \
     'draws.dat' index 58 using 1:2:(0.0214):(0) with vectors nohead linewidth 2.1 linecolor rgb '#70333333' notitle
set lmargin at screen 0.16857
set rmargin at screen 0.30114
set tmargin at screen 0.16119
set bmargin at screen 0.00650
unset label
plot 'draws.dat' index 57 with lines linewidth 0.8 linecolor rgb '#ced5db' notitle, \
     'draws.dat' index 56 with lines linewidth 0.8 linecolor rgb '#b3bcc5' notitle, \
     'draws.dat' index 55 with lines linewidth 0.8 linecolor rgb '#98a2ad' notitle, \
     'draws.dat' index 54 with lines linewidth 0.8 linecolor rgb '#7d8894' notitle, \
     'draws.dat' index 59 using 1:2:(0.0214):(0) with vectors nohead linewidth 2.1 linecolor rgb '#600072B2' notitle
set lmargin at screen 0.30714
set rmargin at screen 0.43971
set tmargin at screen 0.16119
set bmargin at screen 0.00650
unset label
plot 'draws.dat' index 57 with lines linewidth 0.8 linecolor rgb '#ced5db' notitle, \
     'draws.dat' index 56 with lines linewidth 0.8 linecolor rgb '#b3bcc5' notitle, \
     'draws.dat' index 55 with lines linewidth 0.8 linecolor rgb '#98a2ad' notitle, \
     'draws.dat' index 54 with lines linewidth 0.8 linecolor rgb '#7d8894' notitle, \
     'draws.dat' index 60 using 1:2:(0.0214):(0) with vectors nohead linewidth 2.1 linecolor rgb '#600072B2' notitle
set lmargin at screen 0.44571
set rmargin at screen 0.57829
set tmargin at screen 0.16119
set bmargin at screen 0.00650
unset label
plot 'draws.dat' index 57 with lines linewidth 0.8 linecolor rgb '#ced5db' notitle, \
     'draws.dat' index 56 with lines linewidth 0.8 linecolor rgb '#b3bcc5' notitle, \
     'draws.dat' index 55 with lines linewidth 0.8 linecolor rgb '#98a2ad' notitle, \
     'draws.dat' index 54 with lines linewidth 0.8 linecolor rgb '#7d8894' notitle, \
     'draws.dat' index 61 using 1:2:(0.0214):(0) with vectors nohead linewidth 2.1 linecolor rgb '#600072B2' notitle
set lmargin at screen 0.58429
set rmargin at screen 0.71686
set tmargin at screen 0.16119
set bmargin at screen 0.00650
unset label
plot 'draws.dat' index 57 with lines linewidth 0.8 linecolor rgb '#ced5db' notitle, \
     'draws.dat' index 56 with lines linewidth 0.8 linecolor rgb '#b3bcc5' notitle, \
     'draws.dat' index 55 with lines linewidth 0.8 linecolor rgb '#98a2ad' notitle, \
     'draws.dat' index 54 with lines linewidth 0.8 linecolor rgb '#7d8894' notitle, \
     'draws.dat' index 62 using 1:2:(0.0214):(0) with vectors nohead linewidth 2.1 linecolor rgb '#600072B2' notitle
set lmargin at screen 0.72286
set rmargin at screen 0.85543
set tmargin at screen 0.16119
set bmargin at screen 0.00650
unset label
plot 'draws.dat' index 57 with lines linewidth 0.8 linecolor rgb '#ced5db' notitle, \
     'draws.dat' index 56 with lines linewidth 0.8 linecolor rgb '#b3bcc5' notitle, \
     'draws.dat' index 55 with lines linewidth 0.8 linecolor rgb '#98a2ad' notitle, \
     'draws.dat' index 54 with lines linewidth 0.8 linecolor rgb '#7d8894' notitle, \
     'draws.dat' index 63 using 1:2:(0.0214):(0) with vectors nohead linewidth 2.1 linecolor rgb '#600072B2' notitle
set lmargin at screen 0.86143
set rmargin at screen 0.99400
set tmargin at screen 0.16119
set bmargin at screen 0.00650
unset label
plot 'draws.dat' index 57 with lines linewidth 0.8 linecolor rgb '#ced5db' notitle, \
     'draws.dat' index 56 with lines linewidth 0.8 linecolor rgb '#b3bcc5' notitle, \
     'draws.dat' index 55 with lines linewidth 0.8 linecolor rgb '#98a2ad' notitle, \
     'draws.dat' index 54 with lines linewidth 0.8 linecolor rgb '#7d8894' notitle, \
     'draws.dat' index 64 using 1:2:(0.0214):(0) with vectors nohead linewidth 2.1 linecolor rgb '#600072B2' notitle
unset multiplot
