# gnuplot -e "format='svg'" draws.gp   (or png, pdf)
if (!exists("format")) format = 'svg'
base = format eq 'svg' ? 12 : 9  # font size: pixels of an SVG, points else
if (format eq 'svg') set terminal svg enhanced rounded size 1000,349 font 'Helvetica,12' background '#ffffff'
if (format eq 'png') set terminal pngcairo enhanced rounded size 1500,524 font 'Helvetica,9' fontscale 1.5 linewidth 1.5 pointscale 1.5 background '#ffffff'
if (format eq 'pdf') set terminal pdfcairo enhanced rounded size 10.417in,3.635in font 'Helvetica,9' fontscale 1
size_of(share) = sprintf(',%.1f', share * base)
set output 'draws.'.format
set encoding utf8
set border 15 linewidth 0.6 linecolor rgb '#9aa4af'
unset tics
unset key
set multiplot
set xrange [-2.47784:3.86584]
set yrange [-2.01059:11.5985]
set lmargin at screen 0.03000
set rmargin at screen 0.13178
set tmargin at screen 0.92550
set bmargin at screen 0.63387
unset label
set label 'exact' at screen 0.08089, screen 0.96275 center font size_of(0.63) noenhanced
set label 'rosenbrock' at screen 0.01500, screen 0.77969 center rotate by 90 font size_of(1.0) noenhanced
plot 'draws.dat' index 3 with lines linewidth 0.8 linecolor rgb '#ced5db' notitle, \
     'draws.dat' index 2 with lines linewidth 0.8 linecolor rgb '#b3bcc5' notitle, \
     'draws.dat' index 1 with lines linewidth 0.8 linecolor rgb '#98a2ad' notitle, \
     'draws.dat' index 0 with lines linewidth 0.8 linecolor rgb '#7d8894' notitle, \
     'draws.dat' index 4 using 1:2:(0.0187):(0) with vectors nohead linewidth 2.1 linecolor rgb '#70333333' notitle
set lmargin at screen 0.13778
set rmargin at screen 0.23956
set tmargin at screen 0.92550
set bmargin at screen 0.63387
unset label
set label 'defaults' at screen 0.18867, screen 0.96275 center font size_of(0.63) noenhanced
plot 'draws.dat' index 3 with lines linewidth 0.8 linecolor rgb '#ced5db' notitle, \
     'draws.dat' index 2 with lines linewidth 0.8 linecolor rgb '#b3bcc5' notitle, \
     'draws.dat' index 1 with lines linewidth 0.8 linecolor rgb '#98a2ad' notitle, \
     'draws.dat' index 0 with lines linewidth 0.8 linecolor rgb '#7d8894' notitle, \
     'draws.dat' index 5 using 1:2:(0.0187):(0) with vectors nohead linewidth 2.1 linecolor rgb '#600072B2' notitle
set lmargin at screen 0.24556
set rmargin at screen 0.34733
set tmargin at screen 0.92550
set bmargin at screen 0.63387
unset label
set label 'target not blurred' at screen 0.29644, screen 0.96275 center font size_of(0.63) noenhanced
plot 'draws.dat' index 3 with lines linewidth 0.8 linecolor rgb '#ced5db' notitle, \
     'draws.dat' index 2 with lines linewidth 0.8 linecolor rgb '#b3bcc5' notitle, \
     'draws.dat' index 1 with lines linewidth 0.8 linecolor rgb '#98a2ad' notitle, \
     'draws.dat' index 0 with lines linewidth 0.8 linecolor rgb '#7d8894' notitle, \
     'draws.dat' index 6 using 1:2:(0.0187):(0) with vectors nohead linewidth 2.1 linecolor rgb '#600072B2' notitle
set lmargin at screen 0.35333
set rmargin at screen 0.45511
set tmargin at screen 0.92550
set bmargin at screen 0.63387
unset label
set label 'squared distance' at screen 0.40422, screen 0.96275 center font size_of(0.63) noenhanced
plot 'draws.dat' index 3 with lines linewidth 0.8 linecolor rgb '#ced5db' notitle, \
     'draws.dat' index 2 with lines linewidth 0.8 linecolor rgb '#b3bcc5' notitle, \
     'draws.dat' index 1 with lines linewidth 0.8 linecolor rgb '#98a2ad' notitle, \
     'draws.dat' index 0 with lines linewidth 0.8 linecolor rgb '#7d8894' notitle, \
     'draws.dat' index 7 using 1:2:(0.0187):(0) with vectors nohead linewidth 2.1 linecolor rgb '#600072B2' notitle
set lmargin at screen 0.46111
set rmargin at screen 0.56289
set tmargin at screen 0.92550
set bmargin at screen 0.63387
unset label
set label 'whole gradient' at screen 0.51200, screen 0.96275 center font size_of(0.63) noenhanced
plot 'draws.dat' index 3 with lines linewidth 0.8 linecolor rgb '#ced5db' notitle, \
     'draws.dat' index 2 with lines linewidth 0.8 linecolor rgb '#b3bcc5' notitle, \
     'draws.dat' index 1 with lines linewidth 0.8 linecolor rgb '#98a2ad' notitle, \
     'draws.dat' index 0 with lines linewidth 0.8 linecolor rgb '#7d8894' notitle, \
     'draws.dat' index 8 using 1:2:(0.0187):(0) with vectors nohead linewidth 2.1 linecolor rgb '#600072B2' notitle
set lmargin at screen 0.56889
set rmargin at screen 0.67067
set tmargin at screen 0.92550
set bmargin at screen 0.63387
unset label
set label 'through score' at screen 0.61978, screen 0.96275 center font size_of(0.63) noenhanced
set label '32 % outside' at graph 0.97, graph 0.06 right noenhanced font size_of(0.75) textcolor rgb '#8a4b00' front
plot 'draws.dat' index 3 with lines linewidth 0.8 linecolor rgb '#ced5db' notitle, \
     'draws.dat' index 2 with lines linewidth 0.8 linecolor rgb '#b3bcc5' notitle, \
     'draws.dat' index 1 with lines linewidth 0.8 linecolor rgb '#98a2ad' notitle, \
     'draws.dat' index 0 with lines linewidth 0.8 linecolor rgb '#7d8894' notitle, \
     'draws.dat' index 9 using 1:2:(0.0187):(0) with vectors nohead linewidth 2.1 linecolor rgb '#600072B2' notitle
set lmargin at screen 0.67667
set rmargin at screen 0.77844
set tmargin at screen 0.92550
set bmargin at screen 0.63387
unset label
set label 'one annealed level' at screen 0.72756, screen 0.96275 center font size_of(0.63) noenhanced
plot 'draws.dat' index 3 with lines linewidth 0.8 linecolor rgb '#ced5db' notitle, \
     'draws.dat' index 2 with lines linewidth 0.8 linecolor rgb '#b3bcc5' notitle, \
     'draws.dat' index 1 with lines linewidth 0.8 linecolor rgb '#98a2ad' notitle, \
     'draws.dat' index 0 with lines linewidth 0.8 linecolor rgb '#7d8894' notitle, \
     'draws.dat' index 10 using 1:2:(0.0187):(0) with vectors nohead linewidth 2.1 linecolor rgb '#600072B2' notitle
set lmargin at screen 0.78444
set rmargin at screen 0.88622
set tmargin at screen 0.92550
set bmargin at screen 0.63387
unset label
set label 'potential' at screen 0.83533, screen 0.96275 center font size_of(0.63) noenhanced
plot 'draws.dat' index 3 with lines linewidth 0.8 linecolor rgb '#ced5db' notitle, \
     'draws.dat' index 2 with lines linewidth 0.8 linecolor rgb '#b3bcc5' notitle, \
     'draws.dat' index 1 with lines linewidth 0.8 linecolor rgb '#98a2ad' notitle, \
     'draws.dat' index 0 with lines linewidth 0.8 linecolor rgb '#7d8894' notitle, \
     'draws.dat' index 11 using 1:2:(0.0187):(0) with vectors nohead linewidth 2.1 linecolor rgb '#600072B2' notitle
set lmargin at screen 0.89222
set rmargin at screen 0.99400
set tmargin at screen 0.92550
set bmargin at screen 0.63387
unset label
set label 'no averaging' at screen 0.94311, screen 0.96275 center font size_of(0.63) noenhanced
plot 'draws.dat' index 3 with lines linewidth 0.8 linecolor rgb '#ced5db' notitle, \
     'draws.dat' index 2 with lines linewidth 0.8 linecolor rgb '#b3bcc5' notitle, \
     'draws.dat' index 1 with lines linewidth 0.8 linecolor rgb '#98a2ad' notitle, \
     'draws.dat' index 0 with lines linewidth 0.8 linecolor rgb '#7d8894' notitle, \
     'draws.dat' index 12 using 1:2:(0.0187):(0) with vectors nohead linewidth 2.1 linecolor rgb '#600072B2' notitle
set xrange [-3.57174:3.58474]
set yrange [-3.5477:3.5627]
set lmargin at screen 0.03000
set rmargin at screen 0.13178
set tmargin at screen 0.61668
set bmargin at screen 0.32506
unset label
set label 'donut' at screen 0.01500, screen 0.47087 center rotate by 90 font size_of(1.0) noenhanced
plot 'draws.dat' index 16 with lines linewidth 0.8 linecolor rgb '#ced5db' notitle, \
     'draws.dat' index 15 with lines linewidth 0.8 linecolor rgb '#b3bcc5' notitle, \
     'draws.dat' index 14 with lines linewidth 0.8 linecolor rgb '#98a2ad' notitle, \
     'draws.dat' index 13 with lines linewidth 0.8 linecolor rgb '#7d8894' notitle, \
     'draws.dat' index 17 using 1:2:(0.0211):(0) with vectors nohead linewidth 2.1 linecolor rgb '#70333333' notitle
set lmargin at screen 0.13778
set rmargin at screen 0.23956
set tmargin at screen 0.61668
set bmargin at screen 0.32506
unset label
plot 'draws.dat' index 16 with lines linewidth 0.8 linecolor rgb '#ced5db' notitle, \
     'draws.dat' index 15 with lines linewidth 0.8 linecolor rgb '#b3bcc5' notitle, \
     'draws.dat' index 14 with lines linewidth 0.8 linecolor rgb '#98a2ad' notitle, \
     'draws.dat' index 13 with lines linewidth 0.8 linecolor rgb '#7d8894' notitle, \
     'draws.dat' index 18 using 1:2:(0.0211):(0) with vectors nohead linewidth 2.1 linecolor rgb '#600072B2' notitle
set lmargin at screen 0.24556
set rmargin at screen 0.34733
set tmargin at screen 0.61668
set bmargin at screen 0.32506
unset label
plot 'draws.dat' index 16 with lines linewidth 0.8 linecolor rgb '#ced5db' notitle, \
     'draws.dat' index 15 with lines linewidth 0.8 linecolor rgb '#b3bcc5' notitle, \
     'draws.dat' index 14 with lines linewidth 0.8 linecolor rgb '#98a2ad' notitle, \
     'draws.dat' index 13 with lines linewidth 0.8 linecolor rgb '#7d8894' notitle, \
     'draws.dat' index 19 using 1:2:(0.0211):(0) with vectors nohead linewidth 2.1 linecolor rgb '#600072B2' notitle
set lmargin at screen 0.35333
set rmargin at screen 0.45511
set tmargin at screen 0.61668
set bmargin at screen 0.32506
unset label
plot 'draws.dat' index 16 with lines linewidth 0.8 linecolor rgb '#ced5db' notitle, \
     'draws.dat' index 15 with lines linewidth 0.8 linecolor rgb '#b3bcc5' notitle, \
     'draws.dat' index 14 with lines linewidth 0.8 linecolor rgb '#98a2ad' notitle, \
     'draws.dat' index 13 with lines linewidth 0.8 linecolor rgb '#7d8894' notitle, \
     'draws.dat' index 20 using 1:2:(0.0211):(0) with vectors nohead linewidth 2.1 linecolor rgb '#600072B2' notitle
set lmargin at screen 0.46111
set rmargin at screen 0.56289
set tmargin at screen 0.61668
set bmargin at screen 0.32506
unset label
plot 'draws.dat' index 16 with lines linewidth 0.8 linecolor rgb '#ced5db' notitle, \
     'draws.dat' index 15 with lines linewidth 0.8 linecolor rgb '#b3bcc5' notitle, \
     'draws.dat' index 14 with lines linewidth 0.8 linecolor rgb '#98a2ad' notitle, \
     'draws.dat' index 13 with lines linewidth 0.8 linecolor rgb '#7d8894' notitle, \
     'draws.dat' index 21 using 1:2:(0.0211):(0) with vectors nohead linewidth 2.1 linecolor rgb '#600072B2' notitle
set lmargin at screen 0.56889
set rmargin at screen 0.67067
set tmargin at screen 0.61668
set bmargin at screen 0.32506
unset label
plot 'draws.dat' index 16 with lines linewidth 0.8 linecolor rgb '#ced5db' notitle, \
     'draws.dat' index 15 with lines linewidth 0.8 linecolor rgb '#b3bcc5' notitle, \
     'draws.dat' index 14 with lines linewidth 0.8 linecolor rgb '#98a2ad' notitle, \
     'draws.dat' index 13 with lines linewidth 0.8 linecolor rgb '#7d8894' notitle, \
     'draws.dat' index 22 using 1:2:(0.0211):(0) with vectors nohead linewidth 2.1 linecolor rgb '#600072B2' notitle
set lmargin at screen 0.67667
set rmargin at screen 0.77844
set tmargin at screen 0.61668
set bmargin at screen 0.32506
unset label
plot 'draws.dat' index 16 with lines linewidth 0.8 linecolor rgb '#ced5db' notitle, \
     'draws.dat' index 15 with lines linewidth 0.8 linecolor rgb '#b3bcc5' notitle, \
     'draws.dat' index 14 with lines linewidth 0.8 linecolor rgb '#98a2ad' notitle, \
     'draws.dat' index 13 with lines linewidth 0.8 linecolor rgb '#7d8894' notitle, \
     'draws.dat' index 23 using 1:2:(0.0211):(0) with vectors nohead linewidth 2.1 linecolor rgb '#600072B2' notitle
set lmargin at screen 0.78444
set rmargin at screen 0.88622
set tmargin at screen 0.61668
set bmargin at screen 0.32506
unset label
plot 'draws.dat' index 16 with lines linewidth 0.8 linecolor rgb '#ced5db' notitle, \
     'draws.dat' index 15 with lines linewidth 0.8 linecolor rgb '#b3bcc5' notitle, \
     'draws.dat' index 14 with lines linewidth 0.8 linecolor rgb '#98a2ad' notitle, \
     'draws.dat' index 13 with lines linewidth 0.8 linecolor rgb '#7d8894' notitle, \
     'draws.dat' index 24 using 1:2:(0.0211):(0) with vectors nohead linewidth 2.1 linecolor rgb '#600072B2' notitle
set lmargin at screen 0.89222
set rmargin at screen 0.99400
set tmargin at screen 0.61668
set bmargin at screen 0.32506
unset label
plot 'draws.dat' index 16 with lines linewidth 0.8 linecolor rgb '#ced5db' notitle, \
     'draws.dat' index 15 with lines linewidth 0.8 linecolor rgb '#b3bcc5' notitle, \
     'draws.dat' index 14 with lines linewidth 0.8 linecolor rgb '#98a2ad' notitle, \
     'draws.dat' index 13 with lines linewidth 0.8 linecolor rgb '#7d8894' notitle, \
     'draws.dat' index 25 using 1:2:(0.0211):(0) with vectors nohead linewidth 2.1 linecolor rgb '#600072B2' notitle
set xrange [-4.7363:4.7293]
set yrange [-2.9431:3.3481]
set lmargin at screen 0.03000
set rmargin at screen 0.13178
set tmargin at screen 0.30786
set bmargin at screen 0.01624
unset label
set label 'squiggle' at screen 0.01500, screen 0.16205 center rotate by 90 font size_of(1.0) noenhanced
plot 'draws.dat' index 29 with lines linewidth 0.8 linecolor rgb '#ced5db' notitle, \
     'draws.dat' index 28 with lines linewidth 0.8 linecolor rgb '#b3bcc5' notitle, \
     'draws.dat' index 27 with lines linewidth 0.8 linecolor rgb '#98a2ad' notitle, \
     'draws.dat' index 26 with lines linewidth 0.8 linecolor rgb '#7d8894' notitle, \
     'draws.dat' index 30 using 1:2:(0.0279):(0) with vectors nohead linewidth 2.1 linecolor rgb '#70333333' notitle
set lmargin at screen 0.13778
set rmargin at screen 0.23956
set tmargin at screen 0.30786
set bmargin at screen 0.01624
unset label
plot 'draws.dat' index 29 with lines linewidth 0.8 linecolor rgb '#ced5db' notitle, \
     'draws.dat' index 28 with lines linewidth 0.8 linecolor rgb '#b3bcc5' notitle, \
     'draws.dat' index 27 with lines linewidth 0.8 linecolor rgb '#98a2ad' notitle, \
     'draws.dat' index 26 with lines linewidth 0.8 linecolor rgb '#7d8894' notitle, \
     'draws.dat' index 31 using 1:2:(0.0279):(0) with vectors nohead linewidth 2.1 linecolor rgb '#600072B2' notitle
set lmargin at screen 0.24556
set rmargin at screen 0.34733
set tmargin at screen 0.30786
set bmargin at screen 0.01624
unset label
set label '46 % outside' at graph 0.97, graph 0.06 right noenhanced font size_of(0.75) textcolor rgb '#8a4b00' front
plot 'draws.dat' index 29 with lines linewidth 0.8 linecolor rgb '#ced5db' notitle, \
     'draws.dat' index 28 with lines linewidth 0.8 linecolor rgb '#b3bcc5' notitle, \
     'draws.dat' index 27 with lines linewidth 0.8 linecolor rgb '#98a2ad' notitle, \
     'draws.dat' index 26 with lines linewidth 0.8 linecolor rgb '#7d8894' notitle, \
     'draws.dat' index 32 using 1:2:(0.0279):(0) with vectors nohead linewidth 2.1 linecolor rgb '#600072B2' notitle
set lmargin at screen 0.35333
set rmargin at screen 0.45511
set tmargin at screen 0.30786
set bmargin at screen 0.01624
unset label
plot 'draws.dat' index 29 with lines linewidth 0.8 linecolor rgb '#ced5db' notitle, \
     'draws.dat' index 28 with lines linewidth 0.8 linecolor rgb '#b3bcc5' notitle, \
     'draws.dat' index 27 with lines linewidth 0.8 linecolor rgb '#98a2ad' notitle, \
     'draws.dat' index 26 with lines linewidth 0.8 linecolor rgb '#7d8894' notitle, \
     'draws.dat' index 33 using 1:2:(0.0279):(0) with vectors nohead linewidth 2.1 linecolor rgb '#600072B2' notitle
set lmargin at screen 0.46111
set rmargin at screen 0.56289
set tmargin at screen 0.30786
set bmargin at screen 0.01624
unset label
plot 'draws.dat' index 29 with lines linewidth 0.8 linecolor rgb '#ced5db' notitle, \
     'draws.dat' index 28 with lines linewidth 0.8 linecolor rgb '#b3bcc5' notitle, \
     'draws.dat' index 27 with lines linewidth 0.8 linecolor rgb '#98a2ad' notitle, \
     'draws.dat' index 26 with lines linewidth 0.8 linecolor rgb '#7d8894' notitle, \
     'draws.dat' index 34 using 1:2:(0.0279):(0) with vectors nohead linewidth 2.1 linecolor rgb '#600072B2' notitle
set lmargin at screen 0.56889
set rmargin at screen 0.67067
set tmargin at screen 0.30786
set bmargin at screen 0.01624
unset label
plot 'draws.dat' index 29 with lines linewidth 0.8 linecolor rgb '#ced5db' notitle, \
     'draws.dat' index 28 with lines linewidth 0.8 linecolor rgb '#b3bcc5' notitle, \
     'draws.dat' index 27 with lines linewidth 0.8 linecolor rgb '#98a2ad' notitle, \
     'draws.dat' index 26 with lines linewidth 0.8 linecolor rgb '#7d8894' notitle, \
     'draws.dat' index 35 using 1:2:(0.0279):(0) with vectors nohead linewidth 2.1 linecolor rgb '#600072B2' notitle
set lmargin at screen 0.67667
set rmargin at screen 0.77844
set tmargin at screen 0.30786
set bmargin at screen 0.01624
unset label
plot 'draws.dat' index 29 with lines linewidth 0.8 linecolor rgb '#ced5db' notitle, \
     'draws.dat' index 28 with lines linewidth 0.8 linecolor rgb '#b3bcc5' notitle, \
     'draws.dat' index 27 with lines linewidth 0.8 linecolor rgb '#98a2ad' notitle, \
     'draws.dat' index 26 with lines linewidth 0.8 linecolor rgb '#7d8894' notitle, \
     'draws.dat' index 36 using 1:2:(0.0279):(0) with vectors nohead linewidth 2.1 linecolor rgb '#600072B2' notitle
set lmargin at screen 0.78444
set rmargin at screen 0.88622
set tmargin at screen 0.30786
set bmargin at screen 0.01624
unset label
plot 'draws.dat' index 29 with lines linewidth 0.8 linecolor rgb '#ced5db' notitle, \
     'draws.dat' index 28 with lines linewidth 0.8 linecolor rgb '#b3bcc5' notitle, \
     'draws.dat' index 27 with lines linewidth 0.8 linecolor rgb '#98a2ad' notitle, \
     'draws.dat' index 26 with lines linewidth 0.8 linecolor rgb '#7d8894' notitle, \
     'draws.dat' index 37 using 1:2:(0.0279):(0) with vectors nohead linewidth 2.1 linecolor rgb '#600072B2' notitle
set lmargin at screen 0.89222
set rmargin at screen 0.99400
set tmargin at screen 0.30786
set bmargin at screen 0.01624
unset label
plot 'draws.dat' index 29 with lines linewidth 0.8 linecolor rgb '#ced5db' notitle, \
     'draws.dat' index 28 with lines linewidth 0.8 linecolor rgb '#b3bcc5' notitle, \
     'draws.dat' index 27 with lines linewidth 0.8 linecolor rgb '#98a2ad' notitle, \
     'draws.dat' index 26 with lines linewidth 0.8 linecolor rgb '#7d8894' notitle, \
     'draws.dat' index 38 using 1:2:(0.0279):(0) with vectors nohead linewidth 2.1 linecolor rgb '#600072B2' notitle
unset multiplot
