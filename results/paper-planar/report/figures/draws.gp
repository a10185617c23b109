# gnuplot -e "format='svg'" draws.gp   (or png, pdf)
if (!exists("format")) format = 'svg'
base = format eq 'svg' ? 12 : 9  # font size: pixels of an SVG, points else
if (format eq 'svg') set terminal svg enhanced rounded size 1000,672 font 'Helvetica,12' background '#ffffff'
if (format eq 'png') set terminal pngcairo enhanced rounded size 1500,1008 font 'Helvetica,9' fontscale 1.5 linewidth 1.5 pointscale 1.5 background '#ffffff'
if (format eq 'pdf') set terminal pdfcairo enhanced rounded size 10.417in,7.000in font 'Helvetica,9' fontscale 1
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
set rmargin at screen 0.13178
set tmargin at screen 0.96131
set bmargin at screen 0.80985
unset label
set label 'exact' at screen 0.08089, screen 0.98065 center font size_of(0.87) noenhanced
set label 'gaussian' at screen 0.01500, screen 0.88558 center rotate by 90 font size_of(1.0) noenhanced
plot 'draws.dat' index 3 with lines linewidth 0.8 linecolor rgb '#ced5db' notitle, \
     'draws.dat' index 2 with lines linewidth 0.8 linecolor rgb '#b3bcc5' notitle, \
     'draws.dat' index 1 with lines linewidth 0.8 linecolor rgb '#98a2ad' notitle, \
     'draws.dat' index 0 with lines linewidth 0.8 linecolor rgb '#7d8894' notitle, \
     'draws.dat' index 4 using 1:2:(0.0184):(0) with vectors nohead linewidth 2.1 linecolor rgb '#70333333' notitle
set lmargin at screen 0.13778
set rmargin at screen 0.23956
set tmargin at screen 0.96131
set bmargin at screen 0.80985
unset label
set label 'dft' at screen 0.18867, screen 0.98065 center font size_of(0.87) noenhanced
plot 'draws.dat' index 3 with lines linewidth 0.8 linecolor rgb '#ced5db' notitle, \
     'draws.dat' index 2 with lines linewidth 0.8 linecolor rgb '#b3bcc5' notitle, \
     'draws.dat' index 1 with lines linewidth 0.8 linecolor rgb '#98a2ad' notitle, \
     'draws.dat' index 0 with lines linewidth 0.8 linecolor rgb '#7d8894' notitle, \
     'draws.dat' index 5 using 1:2:(0.0184):(0) with vectors nohead linewidth 2.1 linecolor rgb '#600072B2' notitle
set lmargin at screen 0.24556
set rmargin at screen 0.34733
set tmargin at screen 0.96131
set bmargin at screen 0.80985
unset label
set label 'dft-blur' at screen 0.29644, screen 0.98065 center font size_of(0.87) noenhanced
plot 'draws.dat' index 3 with lines linewidth 0.8 linecolor rgb '#ced5db' notitle, \
     'draws.dat' index 2 with lines linewidth 0.8 linecolor rgb '#b3bcc5' notitle, \
     'draws.dat' index 1 with lines linewidth 0.8 linecolor rgb '#98a2ad' notitle, \
     'draws.dat' index 0 with lines linewidth 0.8 linecolor rgb '#7d8894' notitle, \
     'draws.dat' index 6 using 1:2:(0.0184):(0) with vectors nohead linewidth 2.1 linecolor rgb '#600072B2' notitle
set lmargin at screen 0.35333
set rmargin at screen 0.45511
set tmargin at screen 0.96131
set bmargin at screen 0.80985
unset label
set label 'kl' at screen 0.40422, screen 0.98065 center font size_of(0.87) noenhanced
plot 'draws.dat' index 3 with lines linewidth 0.8 linecolor rgb '#ced5db' notitle, \
     'draws.dat' index 2 with lines linewidth 0.8 linecolor rgb '#b3bcc5' notitle, \
     'draws.dat' index 1 with lines linewidth 0.8 linecolor rgb '#98a2ad' notitle, \
     'draws.dat' index 0 with lines linewidth 0.8 linecolor rgb '#7d8894' notitle, \
     'draws.dat' index 7 using 1:2:(0.0184):(0) with vectors nohead linewidth 2.1 linecolor rgb '#600072B2' notitle
set lmargin at screen 0.46111
set rmargin at screen 0.56289
set tmargin at screen 0.96131
set bmargin at screen 0.80985
unset label
set label 'kl-blur' at screen 0.51200, screen 0.98065 center font size_of(0.87) noenhanced
plot 'draws.dat' index 3 with lines linewidth 0.8 linecolor rgb '#ced5db' notitle, \
     'draws.dat' index 2 with lines linewidth 0.8 linecolor rgb '#b3bcc5' notitle, \
     'draws.dat' index 1 with lines linewidth 0.8 linecolor rgb '#98a2ad' notitle, \
     'draws.dat' index 0 with lines linewidth 0.8 linecolor rgb '#7d8894' notitle, \
     'draws.dat' index 8 using 1:2:(0.0184):(0) with vectors nohead linewidth 2.1 linecolor rgb '#600072B2' notitle
set lmargin at screen 0.56889
set rmargin at screen 0.67067
set tmargin at screen 0.96131
set bmargin at screen 0.80985
unset label
set label 'fisher' at screen 0.61978, screen 0.98065 center font size_of(0.87) noenhanced
set label '100 % outside' at graph 0.97, graph 0.06 right noenhanced font size_of(0.75) textcolor rgb '#8a4b00' front
plot 'draws.dat' index 3 with lines linewidth 0.8 linecolor rgb '#ced5db' notitle, \
     'draws.dat' index 2 with lines linewidth 0.8 linecolor rgb '#b3bcc5' notitle, \
     'draws.dat' index 1 with lines linewidth 0.8 linecolor rgb '#98a2ad' notitle, \
     'draws.dat' index 0 with lines linewidth 0.8 linecolor rgb '#7d8894' notitle
set lmargin at screen 0.67667
set rmargin at screen 0.77844
set tmargin at screen 0.96131
set bmargin at screen 0.80985
unset label
set label 'stein-ksd' at screen 0.72756, screen 0.98065 center font size_of(0.87) noenhanced
plot 'draws.dat' index 3 with lines linewidth 0.8 linecolor rgb '#ced5db' notitle, \
     'draws.dat' index 2 with lines linewidth 0.8 linecolor rgb '#b3bcc5' notitle, \
     'draws.dat' index 1 with lines linewidth 0.8 linecolor rgb '#98a2ad' notitle, \
     'draws.dat' index 0 with lines linewidth 0.8 linecolor rgb '#7d8894' notitle, \
     'draws.dat' index 9 using 1:2:(0.0184):(0) with vectors nohead linewidth 2.1 linecolor rgb '#600072B2' notitle
set lmargin at screen 0.78444
set rmargin at screen 0.88622
set tmargin at screen 0.96131
set bmargin at screen 0.80985
unset label
set label 'stein-critic' at screen 0.83533, screen 0.98065 center font size_of(0.87) noenhanced
plot 'draws.dat' index 3 with lines linewidth 0.8 linecolor rgb '#ced5db' notitle, \
     'draws.dat' index 2 with lines linewidth 0.8 linecolor rgb '#b3bcc5' notitle, \
     'draws.dat' index 1 with lines linewidth 0.8 linecolor rgb '#98a2ad' notitle, \
     'draws.dat' index 0 with lines linewidth 0.8 linecolor rgb '#7d8894' notitle, \
     'draws.dat' index 10 using 1:2:(0.0184):(0) with vectors nohead linewidth 2.1 linecolor rgb '#600072B2' notitle
set lmargin at screen 0.89222
set rmargin at screen 0.99400
set tmargin at screen 0.96131
set bmargin at screen 0.80985
unset label
set label 'coupling-flow' at screen 0.94311, screen 0.98065 center font size_of(0.87) noenhanced
plot 'draws.dat' index 3 with lines linewidth 0.8 linecolor rgb '#ced5db' notitle, \
     'draws.dat' index 2 with lines linewidth 0.8 linecolor rgb '#b3bcc5' notitle, \
     'draws.dat' index 1 with lines linewidth 0.8 linecolor rgb '#98a2ad' notitle, \
     'draws.dat' index 0 with lines linewidth 0.8 linecolor rgb '#7d8894' notitle, \
     'draws.dat' index 11 using 1:2:(0.0184):(0) with vectors nohead linewidth 2.1 linecolor rgb '#600072B2' notitle
set xrange [-4.44812:4.65012]
set yrange [-2.12644:2.22044]
set lmargin at screen 0.03000
set rmargin at screen 0.13178
set tmargin at screen 0.80093
set bmargin at screen 0.64947
unset label
set label 'mog2' at screen 0.01500, screen 0.72520 center rotate by 90 font size_of(1.0) noenhanced
plot 'draws.dat' index 15 with lines linewidth 0.8 linecolor rgb '#ced5db' notitle, \
     'draws.dat' index 14 with lines linewidth 0.8 linecolor rgb '#b3bcc5' notitle, \
     'draws.dat' index 13 with lines linewidth 0.8 linecolor rgb '#98a2ad' notitle, \
     'draws.dat' index 12 with lines linewidth 0.8 linecolor rgb '#7d8894' notitle, \
     'draws.dat' index 16 using 1:2:(0.0268):(0) with vectors nohead linewidth 2.1 linecolor rgb '#70333333' notitle
set lmargin at screen 0.13778
set rmargin at screen 0.23956
set tmargin at screen 0.80093
set bmargin at screen 0.64947
unset label
plot 'draws.dat' index 15 with lines linewidth 0.8 linecolor rgb '#ced5db' notitle, \
     'draws.dat' index 14 with lines linewidth 0.8 linecolor rgb '#b3bcc5' notitle, \
     'draws.dat' index 13 with lines linewidth 0.8 linecolor rgb '#98a2ad' notitle, \
     'draws.dat' index 12 with lines linewidth 0.8 linecolor rgb '#7d8894' notitle, \
     'draws.dat' index 17 using 1:2:(0.0268):(0) with vectors nohead linewidth 2.1 linecolor rgb '#600072B2' notitle
set lmargin at screen 0.24556
set rmargin at screen 0.34733
set tmargin at screen 0.80093
set bmargin at screen 0.64947
unset label
plot 'draws.dat' index 15 with lines linewidth 0.8 linecolor rgb '#ced5db' notitle, \
     'draws.dat' index 14 with lines linewidth 0.8 linecolor rgb '#b3bcc5' notitle, \
     'draws.dat' index 13 with lines linewidth 0.8 linecolor rgb '#98a2ad' notitle, \
     'draws.dat' index 12 with lines linewidth 0.8 linecolor rgb '#7d8894' notitle, \
     'draws.dat' index 18 using 1:2:(0.0268):(0) with vectors nohead linewidth 2.1 linecolor rgb '#600072B2' notitle
set lmargin at screen 0.35333
set rmargin at screen 0.45511
set tmargin at screen 0.80093
set bmargin at screen 0.64947
unset label
plot 'draws.dat' index 15 with lines linewidth 0.8 linecolor rgb '#ced5db' notitle, \
     'draws.dat' index 14 with lines linewidth 0.8 linecolor rgb '#b3bcc5' notitle, \
     'draws.dat' index 13 with lines linewidth 0.8 linecolor rgb '#98a2ad' notitle, \
     'draws.dat' index 12 with lines linewidth 0.8 linecolor rgb '#7d8894' notitle, \
     'draws.dat' index 19 using 1:2:(0.0268):(0) with vectors nohead linewidth 2.1 linecolor rgb '#600072B2' notitle
set lmargin at screen 0.46111
set rmargin at screen 0.56289
set tmargin at screen 0.80093
set bmargin at screen 0.64947
unset label
plot 'draws.dat' index 15 with lines linewidth 0.8 linecolor rgb '#ced5db' notitle, \
     'draws.dat' index 14 with lines linewidth 0.8 linecolor rgb '#b3bcc5' notitle, \
     'draws.dat' index 13 with lines linewidth 0.8 linecolor rgb '#98a2ad' notitle, \
     'draws.dat' index 12 with lines linewidth 0.8 linecolor rgb '#7d8894' notitle, \
     'draws.dat' index 20 using 1:2:(0.0268):(0) with vectors nohead linewidth 2.1 linecolor rgb '#600072B2' notitle
set lmargin at screen 0.56889
set rmargin at screen 0.67067
set tmargin at screen 0.80093
set bmargin at screen 0.64947
unset label
set label '100 % outside' at graph 0.97, graph 0.06 right noenhanced font size_of(0.75) textcolor rgb '#8a4b00' front
plot 'draws.dat' index 15 with lines linewidth 0.8 linecolor rgb '#ced5db' notitle, \
     'draws.dat' index 14 with lines linewidth 0.8 linecolor rgb '#b3bcc5' notitle, \
     'draws.dat' index 13 with lines linewidth 0.8 linecolor rgb '#98a2ad' notitle, \
     'draws.dat' index 12 with lines linewidth 0.8 linecolor rgb '#7d8894' notitle
set lmargin at screen 0.67667
set rmargin at screen 0.77844
set tmargin at screen 0.80093
set bmargin at screen 0.64947
unset label
plot 'draws.dat' index 15 with lines linewidth 0.8 linecolor rgb '#ced5db' notitle, \
     'draws.dat' index 14 with lines linewidth 0.8 linecolor rgb '#b3bcc5' notitle, \
     'draws.dat' index 13 with lines linewidth 0.8 linecolor rgb '#98a2ad' notitle, \
     'draws.dat' index 12 with lines linewidth 0.8 linecolor rgb '#7d8894' notitle, \
     'draws.dat' index 21 using 1:2:(0.0268):(0) with vectors nohead linewidth 2.1 linecolor rgb '#600072B2' notitle
set lmargin at screen 0.78444
set rmargin at screen 0.88622
set tmargin at screen 0.80093
set bmargin at screen 0.64947
unset label
plot 'draws.dat' index 15 with lines linewidth 0.8 linecolor rgb '#ced5db' notitle, \
     'draws.dat' index 14 with lines linewidth 0.8 linecolor rgb '#b3bcc5' notitle, \
     'draws.dat' index 13 with lines linewidth 0.8 linecolor rgb '#98a2ad' notitle, \
     'draws.dat' index 12 with lines linewidth 0.8 linecolor rgb '#7d8894' notitle, \
     'draws.dat' index 22 using 1:2:(0.0268):(0) with vectors nohead linewidth 2.1 linecolor rgb '#600072B2' notitle
set lmargin at screen 0.89222
set rmargin at screen 0.99400
set tmargin at screen 0.80093
set bmargin at screen 0.64947
unset label
plot 'draws.dat' index 15 with lines linewidth 0.8 linecolor rgb '#ced5db' notitle, \
     'draws.dat' index 14 with lines linewidth 0.8 linecolor rgb '#b3bcc5' notitle, \
     'draws.dat' index 13 with lines linewidth 0.8 linecolor rgb '#98a2ad' notitle, \
     'draws.dat' index 12 with lines linewidth 0.8 linecolor rgb '#7d8894' notitle, \
     'draws.dat' index 23 using 1:2:(0.0268):(0) with vectors nohead linewidth 2.1 linecolor rgb '#600072B2' notitle
set xrange [-2.47784:3.86584]
set yrange [-2.01059:11.5985]
set lmargin at screen 0.03000
set rmargin at screen 0.13178
set tmargin at screen 0.64054
set bmargin at screen 0.48909
unset label
set label 'rosenbrock' at screen 0.01500, screen 0.56481 center rotate by 90 font size_of(1.0) noenhanced
plot 'draws.dat' index 27 with lines linewidth 0.8 linecolor rgb '#ced5db' notitle, \
     'draws.dat' index 26 with lines linewidth 0.8 linecolor rgb '#b3bcc5' notitle, \
     'draws.dat' index 25 with lines linewidth 0.8 linecolor rgb '#98a2ad' notitle, \
     'draws.dat' index 24 with lines linewidth 0.8 linecolor rgb '#7d8894' notitle, \
     'draws.dat' index 28 using 1:2:(0.0187):(0) with vectors nohead linewidth 2.1 linecolor rgb '#70333333' notitle
set lmargin at screen 0.13778
set rmargin at screen 0.23956
set tmargin at screen 0.64054
set bmargin at screen 0.48909
unset label
plot 'draws.dat' index 27 with lines linewidth 0.8 linecolor rgb '#ced5db' notitle, \
     'draws.dat' index 26 with lines linewidth 0.8 linecolor rgb '#b3bcc5' notitle, \
     'draws.dat' index 25 with lines linewidth 0.8 linecolor rgb '#98a2ad' notitle, \
     'draws.dat' index 24 with lines linewidth 0.8 linecolor rgb '#7d8894' notitle, \
     'draws.dat' index 29 using 1:2:(0.0187):(0) with vectors nohead linewidth 2.1 linecolor rgb '#600072B2' notitle
set lmargin at screen 0.24556
set rmargin at screen 0.34733
set tmargin at screen 0.64054
set bmargin at screen 0.48909
unset label
plot 'draws.dat' index 27 with lines linewidth 0.8 linecolor rgb '#ced5db' notitle, \
     'draws.dat' index 26 with lines linewidth 0.8 linecolor rgb '#b3bcc5' notitle, \
     'draws.dat' index 25 with lines linewidth 0.8 linecolor rgb '#98a2ad' notitle, \
     'draws.dat' index 24 with lines linewidth 0.8 linecolor rgb '#7d8894' notitle, \
     'draws.dat' index 30 using 1:2:(0.0187):(0) with vectors nohead linewidth 2.1 linecolor rgb '#600072B2' notitle
set lmargin at screen 0.35333
set rmargin at screen 0.45511
set tmargin at screen 0.64054
set bmargin at screen 0.48909
unset label
plot 'draws.dat' index 27 with lines linewidth 0.8 linecolor rgb '#ced5db' notitle, \
     'draws.dat' index 26 with lines linewidth 0.8 linecolor rgb '#b3bcc5' notitle, \
     'draws.dat' index 25 with lines linewidth 0.8 linecolor rgb '#98a2ad' notitle, \
     'draws.dat' index 24 with lines linewidth 0.8 linecolor rgb '#7d8894' notitle, \
     'draws.dat' index 31 using 1:2:(0.0187):(0) with vectors nohead linewidth 2.1 linecolor rgb '#600072B2' notitle
set lmargin at screen 0.46111
set rmargin at screen 0.56289
set tmargin at screen 0.64054
set bmargin at screen 0.48909
unset label
plot 'draws.dat' index 27 with lines linewidth 0.8 linecolor rgb '#ced5db' notitle, \
     'draws.dat' index 26 with lines linewidth 0.8 linecolor rgb '#b3bcc5' notitle, \
     'draws.dat' index 25 with lines linewidth 0.8 linecolor rgb '#98a2ad' notitle, \
     'draws.dat' index 24 with lines linewidth 0.8 linecolor rgb '#7d8894' notitle, \
     'draws.dat' index 32 using 1:2:(0.0187):(0) with vectors nohead linewidth 2.1 linecolor rgb '#600072B2' notitle
set lmargin at screen 0.56889
set rmargin at screen 0.67067
set tmargin at screen 0.64054
set bmargin at screen 0.48909
unset label
set label '100 % outside' at graph 0.97, graph 0.06 right noenhanced font size_of(0.75) textcolor rgb '#8a4b00' front
plot 'draws.dat' index 27 with lines linewidth 0.8 linecolor rgb '#ced5db' notitle, \
     'draws.dat' index 26 with lines linewidth 0.8 linecolor rgb '#b3bcc5' notitle, \
     'draws.dat' index 25 with lines linewidth 0.8 linecolor rgb '#98a2ad' notitle, \
     'draws.dat' index 24 with lines linewidth 0.8 linecolor rgb '#7d8894' notitle
set lmargin at screen 0.67667
set rmargin at screen 0.77844
set tmargin at screen 0.64054
set bmargin at screen 0.48909
unset label
plot 'draws.dat' index 27 with lines linewidth 0.8 linecolor rgb '#ced5db' notitle, \
     'draws.dat' index 26 with lines linewidth 0.8 linecolor rgb '#b3bcc5' notitle, \
     'draws.dat' index 25 with lines linewidth 0.8 linecolor rgb '#98a2ad' notitle, \
     'draws.dat' index 24 with lines linewidth 0.8 linecolor rgb '#7d8894' notitle, \
     'draws.dat' index 33 using 1:2:(0.0187):(0) with vectors nohead linewidth 2.1 linecolor rgb '#600072B2' notitle
set lmargin at screen 0.78444
set rmargin at screen 0.88622
set tmargin at screen 0.64054
set bmargin at screen 0.48909
unset label
plot 'draws.dat' index 27 with lines linewidth 0.8 linecolor rgb '#ced5db' notitle, \
     'draws.dat' index 26 with lines linewidth 0.8 linecolor rgb '#b3bcc5' notitle, \
     'draws.dat' index 25 with lines linewidth 0.8 linecolor rgb '#98a2ad' notitle, \
     'draws.dat' index 24 with lines linewidth 0.8 linecolor rgb '#7d8894' notitle, \
     'draws.dat' index 34 using 1:2:(0.0187):(0) with vectors nohead linewidth 2.1 linecolor rgb '#600072B2' notitle
set lmargin at screen 0.89222
set rmargin at screen 0.99400
set tmargin at screen 0.64054
set bmargin at screen 0.48909
unset label
plot 'draws.dat' index 27 with lines linewidth 0.8 linecolor rgb '#ced5db' notitle, \
     'draws.dat' index 26 with lines linewidth 0.8 linecolor rgb '#b3bcc5' notitle, \
     'draws.dat' index 25 with lines linewidth 0.8 linecolor rgb '#98a2ad' notitle, \
     'draws.dat' index 24 with lines linewidth 0.8 linecolor rgb '#7d8894' notitle, \
     'draws.dat' index 35 using 1:2:(0.0187):(0) with vectors nohead linewidth 2.1 linecolor rgb '#600072B2' notitle
set xrange [-3.57174:3.58474]
set yrange [-3.5477:3.5627]
set lmargin at screen 0.03000
set rmargin at screen 0.13178
set tmargin at screen 0.48016
set bmargin at screen 0.32870
unset label
set label 'donut' at screen 0.01500, screen 0.40443 center rotate by 90 font size_of(1.0) noenhanced
plot 'draws.dat' index 39 with lines linewidth 0.8 linecolor rgb '#ced5db' notitle, \
     'draws.dat' index 38 with lines linewidth 0.8 linecolor rgb '#b3bcc5' notitle, \
     'draws.dat' index 37 with lines linewidth 0.8 linecolor rgb '#98a2ad' notitle, \
     'draws.dat' index 36 with lines linewidth 0.8 linecolor rgb '#7d8894' notitle, \
     'draws.dat' index 40 using 1:2:(0.0211):(0) with vectors nohead linewidth 2.1 linecolor rgb '#70333333' notitle
set lmargin at screen 0.13778
set rmargin at screen 0.23956
set tmargin at screen 0.48016
set bmargin at screen 0.32870
unset label
plot 'draws.dat' index 39 with lines linewidth 0.8 linecolor rgb '#ced5db' notitle, \
     'draws.dat' index 38 with lines linewidth 0.8 linecolor rgb '#b3bcc5' notitle, \
     'draws.dat' index 37 with lines linewidth 0.8 linecolor rgb '#98a2ad' notitle, \
     'draws.dat' index 36 with lines linewidth 0.8 linecolor rgb '#7d8894' notitle, \
     'draws.dat' index 41 using 1:2:(0.0211):(0) with vectors nohead linewidth 2.1 linecolor rgb '#600072B2' notitle
set lmargin at screen 0.24556
set rmargin at screen 0.34733
set tmargin at screen 0.48016
set bmargin at screen 0.32870
unset label
plot 'draws.dat' index 39 with lines linewidth 0.8 linecolor rgb '#ced5db' notitle, \
     'draws.dat' index 38 with lines linewidth 0.8 linecolor rgb '#b3bcc5' notitle, \
     'draws.dat' index 37 with lines linewidth 0.8 linecolor rgb '#98a2ad' notitle, \
     'draws.dat' index 36 with lines linewidth 0.8 linecolor rgb '#7d8894' notitle, \
     'draws.dat' index 42 using 1:2:(0.0211):(0) with vectors nohead linewidth 2.1 linecolor rgb '#600072B2' notitle
set lmargin at screen 0.35333
set rmargin at screen 0.45511
set tmargin at screen 0.48016
set bmargin at screen 0.32870
unset label
plot 'draws.dat' index 39 with lines linewidth 0.8 linecolor rgb '#ced5db' notitle, \
     'draws.dat' index 38 with lines linewidth 0.8 linecolor rgb '#b3bcc5' notitle, \
     'draws.dat' index 37 with lines linewidth 0.8 linecolor rgb '#98a2ad' notitle, \
     'draws.dat' index 36 with lines linewidth 0.8 linecolor rgb '#7d8894' notitle, \
     'draws.dat' index 43 using 1:2:(0.0211):(0) with vectors nohead linewidth 2.1 linecolor rgb '#600072B2' notitle
set lmargin at screen 0.46111
set rmargin at screen 0.56289
set tmargin at screen 0.48016
set bmargin at screen 0.32870
unset label
plot 'draws.dat' index 39 with lines linewidth 0.8 linecolor rgb '#ced5db' notitle, \
     'draws.dat' index 38 with lines linewidth 0.8 linecolor rgb '#b3bcc5' notitle, \
     'draws.dat' index 37 with lines linewidth 0.8 linecolor rgb '#98a2ad' notitle, \
     'draws.dat' index 36 with lines linewidth 0.8 linecolor rgb '#7d8894' notitle, \
     'draws.dat' index 44 using 1:2:(0.0211):(0) with vectors nohead linewidth 2.1 linecolor rgb '#600072B2' notitle
set lmargin at screen 0.56889
set rmargin at screen 0.67067
set tmargin at screen 0.48016
set bmargin at screen 0.32870
unset label
plot 'draws.dat' index 39 with lines linewidth 0.8 linecolor rgb '#ced5db' notitle, \
     'draws.dat' index 38 with lines linewidth 0.8 linecolor rgb '#b3bcc5' notitle, \
     'draws.dat' index 37 with lines linewidth 0.8 linecolor rgb '#98a2ad' notitle, \
     'draws.dat' index 36 with lines linewidth 0.8 linecolor rgb '#7d8894' notitle, \
     'draws.dat' index 45 using 1:2:(0.0211):(0) with vectors nohead linewidth 2.1 linecolor rgb '#600072B2' notitle
set lmargin at screen 0.67667
set rmargin at screen 0.77844
set tmargin at screen 0.48016
set bmargin at screen 0.32870
unset label
plot 'draws.dat' index 39 with lines linewidth 0.8 linecolor rgb '#ced5db' notitle, \
     'draws.dat' index 38 with lines linewidth 0.8 linecolor rgb '#b3bcc5' notitle, \
     'draws.dat' index 37 with lines linewidth 0.8 linecolor rgb '#98a2ad' notitle, \
     'draws.dat' index 36 with lines linewidth 0.8 linecolor rgb '#7d8894' notitle, \
     'draws.dat' index 46 using 1:2:(0.0211):(0) with vectors nohead linewidth 2.1 linecolor rgb '#600072B2' notitle
set lmargin at screen 0.78444
set rmargin at screen 0.88622
set tmargin at screen 0.48016
set bmargin at screen 0.32870
unset label
plot 'draws.dat' index 39 with lines linewidth 0.8 linecolor rgb '#ced5db' notitle, \
     'draws.dat' index 38 with lines linewidth 0.8 linecolor rgb '#b3bcc5' notitle, \
     'draws.dat' index 37 with lines linewidth 0.8 linecolor rgb '#98a2ad' notitle, \
     'draws.dat' index 36 with lines linewidth 0.8 linecolor rgb '#7d8894' notitle, \
     'draws.dat' index 47 using 1:2:(0.0211):(0) with vectors nohead linewidth 2.1 linecolor rgb '#600072B2' notitle
set lmargin at screen 0.89222
set rmargin at screen 0.99400
set tmargin at screen 0.48016
set bmargin at screen 0.32870
unset label
plot 'draws.dat' index 39 with lines linewidth 0.8 linecolor rgb '#ced5db' notitle, \
     'draws.dat' index 38 with lines linewidth 0.8 linecolor rgb '#b3bcc5' notitle, \
     'draws.dat' index 37 with lines linewidth 0.8 linecolor rgb '#98a2ad' notitle, \
     'draws.dat' index 36 with lines linewidth 0.8 linecolor rgb '#7d8894' notitle, \
     'draws.dat' index 48 using 1:2:(0.0211):(0) with vectors nohead linewidth 2.1 linecolor rgb '#600072B2' notitle
set xrange [-9.48404:8.86604]
set yrange [-43.3462:38.3562]
set lmargin at screen 0.03000
set rmargin at screen 0.13178
set tmargin at screen 0.31978
set bmargin at screen 0.16832
unset label
set label 'funnel' at screen 0.01500, screen 0.24405 center rotate by 90 font size_of(1.0) noenhanced
plot 'draws.dat' index 52 with lines linewidth 0.8 linecolor rgb '#ced5db' notitle, \
     'draws.dat' index 51 with lines linewidth 0.8 linecolor rgb '#b3bcc5' notitle, \
     'draws.dat' index 50 with lines linewidth 0.8 linecolor rgb '#98a2ad' notitle, \
     'draws.dat' index 49 with lines linewidth 0.8 linecolor rgb '#7d8894' notitle, \
     'draws.dat' index 53 using 1:2:(0.0541):(0) with vectors nohead linewidth 2.1 linecolor rgb '#70333333' notitle
set lmargin at screen 0.13778
set rmargin at screen 0.23956
set tmargin at screen 0.31978
set bmargin at screen 0.16832
unset label
set label '66 % outside' at graph 0.97, graph 0.06 right noenhanced font size_of(0.75) textcolor rgb '#8a4b00' front
plot 'draws.dat' index 52 with lines linewidth 0.8 linecolor rgb '#ced5db' notitle, \
     'draws.dat' index 51 with lines linewidth 0.8 linecolor rgb '#b3bcc5' notitle, \
     'draws.dat' index 50 with lines linewidth 0.8 linecolor rgb '#98a2ad' notitle, \
     'draws.dat' index 49 with lines linewidth 0.8 linecolor rgb '#7d8894' notitle, \
     'draws.dat' index 54 using 1:2:(0.0541):(0) with vectors nohead linewidth 2.1 linecolor rgb '#600072B2' notitle
set lmargin at screen 0.24556
set rmargin at screen 0.34733
set tmargin at screen 0.31978
set bmargin at screen 0.16832
unset label
plot 'draws.dat' index 52 with lines linewidth 0.8 linecolor rgb '#ced5db' notitle, \
     'draws.dat' index 51 with lines linewidth 0.8 linecolor rgb '#b3bcc5' notitle, \
     'draws.dat' index 50 with lines linewidth 0.8 linecolor rgb '#98a2ad' notitle, \
     'draws.dat' index 49 with lines linewidth 0.8 linecolor rgb '#7d8894' notitle, \
     'draws.dat' index 55 using 1:2:(0.0541):(0) with vectors nohead linewidth 2.1 linecolor rgb '#600072B2' notitle
set lmargin at screen 0.35333
set rmargin at screen 0.45511
set tmargin at screen 0.31978
set bmargin at screen 0.16832
unset label
plot 'draws.dat' index 52 with lines linewidth 0.8 linecolor rgb '#ced5db' notitle, \
     'draws.dat' index 51 with lines linewidth 0.8 linecolor rgb '#b3bcc5' notitle, \
     'draws.dat' index 50 with lines linewidth 0.8 linecolor rgb '#98a2ad' notitle, \
     'draws.dat' index 49 with lines linewidth 0.8 linecolor rgb '#7d8894' notitle, \
     'draws.dat' index 56 using 1:2:(0.0541):(0) with vectors nohead linewidth 2.1 linecolor rgb '#600072B2' notitle
set lmargin at screen 0.46111
set rmargin at screen 0.56289
set tmargin at screen 0.31978
set bmargin at screen 0.16832
unset label
plot 'draws.dat' index 52 with lines linewidth 0.8 linecolor rgb '#ced5db' notitle, \
     'draws.dat' index 51 with lines linewidth 0.8 linecolor rgb '#b3bcc5' notitle, \
     'draws.dat' index 50 with lines linewidth 0.8 linecolor rgb '#98a2ad' notitle, \
     'draws.dat' index 49 with lines linewidth 0.8 linecolor rgb '#7d8894' notitle, \
     'draws.dat' index 57 using 1:2:(0.0541):(0) with vectors nohead linewidth 2.1 linecolor rgb '#600072B2' notitle
set lmargin at screen 0.56889
set rmargin at screen 0.67067
set tmargin at screen 0.31978
set bmargin at screen 0.16832
unset label
set label '100 % outside' at graph 0.97, graph 0.06 right noenhanced font size_of(0.75) textcolor rgb '#8a4b00' front
plot 'draws.dat' index 52 with lines linewidth 0.8 linecolor rgb '#ced5db' notitle, \
     'draws.dat' index 51 with lines linewidth 0.8 linecolor rgb '#b3bcc5' notitle, \
     'draws.dat' index 50 with lines linewidth 0.8 linecolor rgb '#98a2ad' notitle, \
     'draws.dat' index 49 with lines linewidth 0.8 linecolor rgb '#7d8894' notitle
set lmargin at screen 0.67667
set rmargin at screen 0.77844
set tmargin at screen 0.31978
set bmargin at screen 0.16832
unset label
set label '5 % outside' at graph 0.97, graph 0.06 right noenhanced font size_of(0.75) textcolor rgb '#8a4b00' front
plot 'draws.dat' index 52 with lines linewidth 0.8 linecolor rgb '#ced5db' notitle, \
     'draws.dat' index 51 with lines linewidth 0.8 linecolor rgb '#b3bcc5' notitle, \
     'draws.dat' index 50 with lines linewidth 0.8 linecolor rgb '#98a2ad' notitle, \
     'draws.dat' index 49 with lines linewidth 0.8 linecolor rgb '#7d8894' notitle, \
     'draws.dat' index 58 using 1:2:(0.0541):(0) with vectors nohead linewidth 2.1 linecolor rgb '#600072B2' notitle
set lmargin at screen 0.78444
set rmargin at screen 0.88622
set tmargin at screen 0.31978
set bmargin at screen 0.16832
unset label
set label '4 % outside' at graph 0.97, graph 0.06 right noenhanced font size_of(0.75) textcolor rgb '#8a4b00' front
plot 'draws.dat' index 52 with lines linewidth 0.8 linecolor rgb '#ced5db' notitle, \
     'draws.dat' index 51 with lines linewidth 0.8 linecolor rgb '#b3bcc5' notitle, \
     'draws.dat' index 50 with lines linewidth 0.8 linecolor rgb '#98a2ad' notitle, \
     'draws.dat' index 49 with lines linewidth 0.8 linecolor rgb '#7d8894' notitle, \
     'draws.dat' index 59 using 1:2:(0.0541):(0) with vectors nohead linewidth 2.1 linecolor rgb '#600072B2' notitle
set lmargin at screen 0.89222
set rmargin at screen 0.99400
set tmargin at screen 0.31978
set bmargin at screen 0.16832
unset label
plot 'draws.dat' index 52 with lines linewidth 0.8 linecolor rgb '#ced5db' notitle, \
     'draws.dat' index 51 with lines linewidth 0.8 linecolor rgb '#b3bcc5' notitle, \
     'draws.dat' index 50 with lines linewidth 0.8 linecolor rgb '#98a2ad' notitle, \
     'draws.dat' index 49 with lines linewidth 0.8 linecolor rgb '#7d8894' notitle, \
     'draws.dat' index 60 using 1:2:(0.0541):(0) with vectors nohead linewidth 2.1 linecolor rgb '#600072B2' notitle
set xrange [-4.7363:4.7293]
set yrange [-2.9431:3.3481]
set lmargin at screen 0.03000
set rmargin at screen 0.13178
set tmargin at screen 0.15939
set bmargin at screen 0.00794
unset label
set label 'squiggle' at screen 0.01500, screen 0.08366 center rotate by 90 font size_of(1.0) noenhanced
plot 'draws.dat' index 64 with lines linewidth 0.8 linecolor rgb '#ced5db' notitle, \
     'draws.dat' index 63 with lines linewidth 0.8 linecolor rgb '#b3bcc5' notitle, \
     'draws.dat' index 62 with lines linewidth 0.8 linecolor rgb '#98a2ad' notitle, \
     'draws.dat' index 61 with lines linewidth 0.8 linecolor rgb '#7d8894' notitle, \
     'draws.dat' index 65 using 1:2:(0.0279):(0) with vectors nohead linewidth 2.1 linecolor rgb '#70333333' notitle
set lmargin at screen 0.13778
set rmargin at screen 0.23956
set tmargin at screen 0.15939
set bmargin at screen 0.00794
unset label
set label '6 % outside' at graph 0.97, graph 0.06 right noenhanced font size_of(0.75) textcolor rgb '#8a4b00' front
plot 'draws.dat' index 64 with lines linewidth 0.8 linecolor rgb '#ced5db' notitle, \
     'draws.dat' index 63 with lines linewidth 0.8 linecolor rgb '#b3bcc5' notitle, \
     'draws.dat' index 62 with lines linewidth 0.8 linecolor rgb '#98a2ad' notitle, \
     'draws.dat' index 61 with lines linewidth 0.8 linecolor rgb '#7d8894' notitle, \
     'draws.dat' index 66 using 1:2:(0.0279):(0) with vectors nohead linewidth 2.1 linecolor rgb '#600072B2' notitle
set lmargin at screen 0.24556
set rmargin at screen 0.34733
set tmargin at screen 0.15939
set bmargin at screen 0.00794
unset label
plot 'draws.dat' index 64 with lines linewidth 0.8 linecolor rgb '#ced5db' notitle, \
     'draws.dat' index 63 with lines linewidth 0.8 linecolor rgb '#b3bcc5' notitle, \
     'draws.dat' index 62 with lines linewidth 0.8 linecolor rgb '#98a2ad' notitle, \
     'draws.dat' index 61 with lines linewidth 0.8 linecolor rgb '#7d8894' notitle, \
     'draws.dat' index 67 using 1:2:(0.0279):(0) with vectors nohead linewidth 2.1 linecolor rgb '#600072B2' notitle
set lmargin at screen 0.35333
set rmargin at screen 0.45511
set tmargin at screen 0.15939
set bmargin at screen 0.00794
unset label
plot 'draws.dat' index 64 with lines linewidth 0.8 linecolor rgb '#ced5db' notitle, \
     'draws.dat' index 63 with lines linewidth 0.8 linecolor rgb '#b3bcc5' notitle, \
     'draws.dat' index 62 with lines linewidth 0.8 linecolor rgb '#98a2ad' notitle, \
     'draws.dat' index 61 with lines linewidth 0.8 linecolor rgb '#7d8894' notitle, \
     'draws.dat' index 68 using 1:2:(0.0279):(0) with vectors nohead linewidth 2.1 linecolor rgb '#600072B2' notitle
set lmargin at screen 0.46111
set rmargin at screen 0.56289
set tmargin at screen 0.15939
set bmargin at screen 0.00794
unset label
plot 'draws.dat' index 64 with lines linewidth 0.8 linecolor rgb '#ced5db' notitle, \
     'draws.dat' index 63 with lines linewidth 0.8 linecolor rgb '#b3bcc5' notitle, \
     'draws.dat' index 62 with lines linewidth 0.8 linecolor rgb '#98a2ad' notitle, \
     'draws.dat' index 61 with lines linewidth 0.8 linecolor rgb '#7d8894' notitle, \
     'draws.dat' index 69 using 1:2:(0.0279):(0) with vectors nohead linewidth 2.1 linecolor rgb '#600072B2' notitle
set lmargin at screen 0.56889
set rmargin at screen 0.67067
set tmargin at screen 0.15939
set bmargin at screen 0.00794
unset label
set label '100 % outside' at graph 0.97, graph 0.06 right noenhanced font size_of(0.75) textcolor rgb '#8a4b00' front
plot 'draws.dat' index 64 with lines linewidth 0.8 linecolor rgb '#ced5db' notitle, \
     'draws.dat' index 63 with lines linewidth 0.8 linecolor rgb '#b3bcc5' notitle, \
     'draws.dat' index 62 with lines linewidth 0.8 linecolor rgb '#98a2ad' notitle, \
     'draws.dat' index 61 with lines linewidth 0.8 linecolor rgb '#7d8894' notitle
set lmargin at screen 0.67667
set rmargin at screen 0.77844
set tmargin at screen 0.15939
set bmargin at screen 0.00794
unset label
plot 'draws.dat' index 64 with lines linewidth 0.8 linecolor rgb '#ced5db' notitle, \
     'draws.dat' index 63 with lines linewidth 0.8 linecolor rgb '#b3bcc5' notitle, \
     'draws.dat' index 62 with lines linewidth 0.8 linecolor rgb '#98a2ad' notitle, \
     'draws.dat' index 61 with lines linewidth 0.8 linecolor rgb '#7d8894' notitle, \
     'draws.dat' index 70 using 1:2:(0.0279):(0) with vectors nohead linewidth 2.1 linecolor rgb '#600072B2' notitle
set lmargin at screen 0.78444
set rmargin at screen 0.88622
set tmargin at screen 0.15939
set bmargin at screen 0.00794
unset label
set label '26 % outside' at graph 0.97, graph 0.06 right noenhanced font size_of(0.75) textcolor rgb '#8a4b00' front
plot 'draws.dat' index 64 with lines linewidth 0.8 linecolor rgb '#ced5db' notitle, \
     'draws.dat' index 63 with lines linewidth 0.8 linecolor rgb '#b3bcc5' notitle, \
     'draws.dat' index 62 with lines linewidth 0.8 linecolor rgb '#98a2ad' notitle, \
     'draws.dat' index 61 with lines linewidth 0.8 linecolor rgb '#7d8894' notitle, \
     'draws.dat' index 71 using 1:2:(0.0279):(0) with vectors nohead linewidth 2.1 linecolor rgb '#600072B2' notitle
set lmargin at screen 0.89222
set rmargin at screen 0.99400
set tmargin at screen 0.15939
set bmargin at screen 0.00794
unset label
plot 'draws.dat' index 64 with lines linewidth 0.8 linecolor rgb '#ced5db' notitle, \
     'draws.dat' index 63 with lines linewidth 0.8 linecolor rgb '#b3bcc5' notitle, \
     'draws.dat' index 62 with lines linewidth 0.8 linecolor rgb '#98a2ad' notitle, \
     'draws.dat' index 61 with lines linewidth 0.8 linecolor rgb '#7d8894' notitle, \
     'draws.dat' index 72 using 1:2:(0.0279):(0) with vectors nohead linewidth 2.1 linecolor rgb '#600072B2' notitle
unset multiplot
