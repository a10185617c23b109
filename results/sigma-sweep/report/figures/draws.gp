# gnuplot -e "format='svg'" draws.gp   (or png, pdf)
if (!exists("format")) format = 'svg'
base = format eq 'svg' ? 12 : 9  # font size: pixels of an SVG, points else
if (format eq 'svg') set terminal svg enhanced rounded size 1000,511 font 'Helvetica,12' background '#ffffff'
if (format eq 'png') set terminal pngcairo enhanced rounded size 1500,766 font 'Helvetica,9' fontscale 1.5 linewidth 1.5 pointscale 1.5 background '#ffffff'
if (format eq 'pdf') set terminal pdfcairo enhanced rounded size 10.417in,5.323in font 'Helvetica,9' fontscale 1
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
set rmargin at screen 0.14525
set tmargin at screen 0.94912
set bmargin at screen 0.72358
unset label
set label 'exact' at screen 0.08762, screen 0.97456 center font size_of(0.67) noenhanced
set label 'gaussian' at screen 0.01500, screen 0.83635 center rotate by 90 font size_of(1.0) noenhanced
plot 'draws.dat' index 3 with lines linewidth 0.8 linecolor rgb '#ced5db' notitle, \
     'draws.dat' index 2 with lines linewidth 0.8 linecolor rgb '#b3bcc5' notitle, \
     'draws.dat' index 1 with lines linewidth 0.8 linecolor rgb '#98a2ad' notitle, \
     'draws.dat' index 0 with lines linewidth 0.8 linecolor rgb '#7d8894' notitle, \
     'draws.dat' index 4 using 1:2:(0.0163):(0) with vectors nohead linewidth 2.1 linecolor rgb '#70333333' notitle
set lmargin at screen 0.15125
set rmargin at screen 0.26650
set tmargin at screen 0.94912
set bmargin at screen 0.72358
unset label
set label 'pairs sigma=0.001' at screen 0.20888, screen 0.97456 center font size_of(0.67) noenhanced
set label '13 % outside' at graph 0.97, graph 0.06 right noenhanced font size_of(0.75) textcolor rgb '#8a4b00' front
plot 'draws.dat' index 3 with lines linewidth 0.8 linecolor rgb '#ced5db' notitle, \
     'draws.dat' index 2 with lines linewidth 0.8 linecolor rgb '#b3bcc5' notitle, \
     'draws.dat' index 1 with lines linewidth 0.8 linecolor rgb '#98a2ad' notitle, \
     'draws.dat' index 0 with lines linewidth 0.8 linecolor rgb '#7d8894' notitle, \
     'draws.dat' index 5 using 1:2:(0.0163):(0) with vectors nohead linewidth 2.1 linecolor rgb '#600072B2' notitle
set lmargin at screen 0.27250
set rmargin at screen 0.38775
set tmargin at screen 0.94912
set bmargin at screen 0.72358
unset label
set label 'pairs sigma=0.00316' at screen 0.33013, screen 0.97456 center font size_of(0.67) noenhanced
plot 'draws.dat' index 3 with lines linewidth 0.8 linecolor rgb '#ced5db' notitle, \
     'draws.dat' index 2 with lines linewidth 0.8 linecolor rgb '#b3bcc5' notitle, \
     'draws.dat' index 1 with lines linewidth 0.8 linecolor rgb '#98a2ad' notitle, \
     'draws.dat' index 0 with lines linewidth 0.8 linecolor rgb '#7d8894' notitle, \
     'draws.dat' index 6 using 1:2:(0.0163):(0) with vectors nohead linewidth 2.1 linecolor rgb '#600072B2' notitle
set lmargin at screen 0.39375
set rmargin at screen 0.50900
set tmargin at screen 0.94912
set bmargin at screen 0.72358
unset label
set label 'pairs sigma=0.01' at screen 0.45138, screen 0.97456 center font size_of(0.67) noenhanced
plot 'draws.dat' index 3 with lines linewidth 0.8 linecolor rgb '#ced5db' notitle, \
     'draws.dat' index 2 with lines linewidth 0.8 linecolor rgb '#b3bcc5' notitle, \
     'draws.dat' index 1 with lines linewidth 0.8 linecolor rgb '#98a2ad' notitle, \
     'draws.dat' index 0 with lines linewidth 0.8 linecolor rgb '#7d8894' notitle, \
     'draws.dat' index 7 using 1:2:(0.0163):(0) with vectors nohead linewidth 2.1 linecolor rgb '#600072B2' notitle
set lmargin at screen 0.51500
set rmargin at screen 0.63025
set tmargin at screen 0.94912
set bmargin at screen 0.72358
unset label
set label 'pairs sigma=0.0316' at screen 0.57263, screen 0.97456 center font size_of(0.67) noenhanced
plot 'draws.dat' index 3 with lines linewidth 0.8 linecolor rgb '#ced5db' notitle, \
     'draws.dat' index 2 with lines linewidth 0.8 linecolor rgb '#b3bcc5' notitle, \
     'draws.dat' index 1 with lines linewidth 0.8 linecolor rgb '#98a2ad' notitle, \
     'draws.dat' index 0 with lines linewidth 0.8 linecolor rgb '#7d8894' notitle, \
     'draws.dat' index 8 using 1:2:(0.0163):(0) with vectors nohead linewidth 2.1 linecolor rgb '#600072B2' notitle
set lmargin at screen 0.63625
set rmargin at screen 0.75150
set tmargin at screen 0.94912
set bmargin at screen 0.72358
unset label
set label 'pairs sigma=0.1' at screen 0.69388, screen 0.97456 center font size_of(0.67) noenhanced
plot 'draws.dat' index 3 with lines linewidth 0.8 linecolor rgb '#ced5db' notitle, \
     'draws.dat' index 2 with lines linewidth 0.8 linecolor rgb '#b3bcc5' notitle, \
     'draws.dat' index 1 with lines linewidth 0.8 linecolor rgb '#98a2ad' notitle, \
     'draws.dat' index 0 with lines linewidth 0.8 linecolor rgb '#7d8894' notitle, \
     'draws.dat' index 9 using 1:2:(0.0163):(0) with vectors nohead linewidth 2.1 linecolor rgb '#600072B2' notitle
set lmargin at screen 0.75750
set rmargin at screen 0.87275
set tmargin at screen 0.94912
set bmargin at screen 0.72358
unset label
set label 'pairs sigma=0.316' at screen 0.81512, screen 0.97456 center font size_of(0.67) noenhanced
plot 'draws.dat' index 3 with lines linewidth 0.8 linecolor rgb '#ced5db' notitle, \
     'draws.dat' index 2 with lines linewidth 0.8 linecolor rgb '#b3bcc5' notitle, \
     'draws.dat' index 1 with lines linewidth 0.8 linecolor rgb '#98a2ad' notitle, \
     'draws.dat' index 0 with lines linewidth 0.8 linecolor rgb '#7d8894' notitle, \
     'draws.dat' index 10 using 1:2:(0.0163):(0) with vectors nohead linewidth 2.1 linecolor rgb '#600072B2' notitle
set lmargin at screen 0.87875
set rmargin at screen 0.99400
set tmargin at screen 0.94912
set bmargin at screen 0.72358
unset label
set label 'pairs sigma=1.0' at screen 0.93637, screen 0.97456 center font size_of(0.67) noenhanced
plot 'draws.dat' index 3 with lines linewidth 0.8 linecolor rgb '#ced5db' notitle, \
     'draws.dat' index 2 with lines linewidth 0.8 linecolor rgb '#b3bcc5' notitle, \
     'draws.dat' index 1 with lines linewidth 0.8 linecolor rgb '#98a2ad' notitle, \
     'draws.dat' index 0 with lines linewidth 0.8 linecolor rgb '#7d8894' notitle, \
     'draws.dat' index 11 using 1:2:(0.0163):(0) with vectors nohead linewidth 2.1 linecolor rgb '#600072B2' notitle
set xrange [-4.44812:4.65012]
set yrange [-2.12644:2.22044]
set lmargin at screen 0.03000
set rmargin at screen 0.14525
set tmargin at screen 0.71184
set bmargin at screen 0.48630
unset label
set label 'mog2' at screen 0.01500, screen 0.59907 center rotate by 90 font size_of(1.0) noenhanced
plot 'draws.dat' index 15 with lines linewidth 0.8 linecolor rgb '#ced5db' notitle, \
     'draws.dat' index 14 with lines linewidth 0.8 linecolor rgb '#b3bcc5' notitle, \
     'draws.dat' index 13 with lines linewidth 0.8 linecolor rgb '#98a2ad' notitle, \
     'draws.dat' index 12 with lines linewidth 0.8 linecolor rgb '#7d8894' notitle, \
     'draws.dat' index 16 using 1:2:(0.0237):(0) with vectors nohead linewidth 2.1 linecolor rgb '#70333333' notitle
set lmargin at screen 0.15125
set rmargin at screen 0.26650
set tmargin at screen 0.71184
set bmargin at screen 0.48630
unset label
plot 'draws.dat' index 15 with lines linewidth 0.8 linecolor rgb '#ced5db' notitle, \
     'draws.dat' index 14 with lines linewidth 0.8 linecolor rgb '#b3bcc5' notitle, \
     'draws.dat' index 13 with lines linewidth 0.8 linecolor rgb '#98a2ad' notitle, \
     'draws.dat' index 12 with lines linewidth 0.8 linecolor rgb '#7d8894' notitle, \
     'draws.dat' index 17 using 1:2:(0.0237):(0) with vectors nohead linewidth 2.1 linecolor rgb '#600072B2' notitle
set lmargin at screen 0.27250
set rmargin at screen 0.38775
set tmargin at screen 0.71184
set bmargin at screen 0.48630
unset label
plot 'draws.dat' index 15 with lines linewidth 0.8 linecolor rgb '#ced5db' notitle, \
     'draws.dat' index 14 with lines linewidth 0.8 linecolor rgb '#b3bcc5' notitle, \
     'draws.dat' index 13 with lines linewidth 0.8 linecolor rgb '#98a2ad' notitle, \
     'draws.dat' index 12 with lines linewidth 0.8 linecolor rgb '#7d8894' notitle, \
     'draws.dat' index 18 using 1:2:(0.0237):(0) with vectors nohead linewidth 2.1 linecolor rgb '#600072B2' notitle
set lmargin at screen 0.39375
set rmargin at screen 0.50900
set tmargin at screen 0.71184
set bmargin at screen 0.48630
unset label
plot 'draws.dat' index 15 with lines linewidth 0.8 linecolor rgb '#ced5db' notitle, \
     'draws.dat' index 14 with lines linewidth 0.8 linecolor rgb '#b3bcc5' notitle, \
     'draws.dat' index 13 with lines linewidth 0.8 linecolor rgb '#98a2ad' notitle, \
     'draws.dat' index 12 with lines linewidth 0.8 linecolor rgb '#7d8894' notitle, \
     'draws.dat' index 19 using 1:2:(0.0237):(0) with vectors nohead linewidth 2.1 linecolor rgb '#600072B2' notitle
set lmargin at screen 0.51500
set rmargin at screen 0.63025
set tmargin at screen 0.71184
set bmargin at screen 0.48630
unset label
plot 'draws.dat' index 15 with lines linewidth 0.8 linecolor rgb '#ced5db' notitle, \
     'draws.dat' index 14 with lines linewidth 0.8 linecolor rgb '#b3bcc5' notitle, \
     'draws.dat' index 13 with lines linewidth 0.8 linecolor rgb '#98a2ad' notitle, \
     'draws.dat' index 12 with lines linewidth 0.8 linecolor rgb '#7d8894' notitle, \
     'draws.dat' index 20 using 1:2:(0.0237):(0) with vectors nohead linewidth 2.1 linecolor rgb '#600072B2' notitle
set lmargin at screen 0.63625
set rmargin at screen 0.75150
set tmargin at screen 0.71184
set bmargin at screen 0.48630
unset label
plot 'draws.dat' index 15 with lines linewidth 0.8 linecolor rgb '#ced5db' notitle, \
     'draws.dat' index 14 with lines linewidth 0.8 linecolor rgb '#b3bcc5' notitle, \
     'draws.dat' index 13 with lines linewidth 0.8 linecolor rgb '#98a2ad' notitle, \
     'draws.dat' index 12 with lines linewidth 0.8 linecolor rgb '#7d8894' notitle, \
     'draws.dat' index 21 using 1:2:(0.0237):(0) with vectors nohead linewidth 2.1 linecolor rgb '#600072B2' notitle
set lmargin at screen 0.75750
set rmargin at screen 0.87275
set tmargin at screen 0.71184
set bmargin at screen 0.48630
unset label
plot 'draws.dat' index 15 with lines linewidth 0.8 linecolor rgb '#ced5db' notitle, \
     'draws.dat' index 14 with lines linewidth 0.8 linecolor rgb '#b3bcc5' notitle, \
     'draws.dat' index 13 with lines linewidth 0.8 linecolor rgb '#98a2ad' notitle, \
     'draws.dat' index 12 with lines linewidth 0.8 linecolor rgb '#7d8894' notitle, \
     'draws.dat' index 22 using 1:2:(0.0237):(0) with vectors nohead linewidth 2.1 linecolor rgb '#600072B2' notitle
set lmargin at screen 0.87875
set rmargin at screen 0.99400
set tmargin at screen 0.71184
set bmargin at screen 0.48630
unset label
plot 'draws.dat' index 15 with lines linewidth 0.8 linecolor rgb '#ced5db' notitle, \
     'draws.dat' index 14 with lines linewidth 0.8 linecolor rgb '#b3bcc5' notitle, \
     'draws.dat' index 13 with lines linewidth 0.8 linecolor rgb '#98a2ad' notitle, \
     'draws.dat' index 12 with lines linewidth 0.8 linecolor rgb '#7d8894' notitle, \
     'draws.dat' index 23 using 1:2:(0.0237):(0) with vectors nohead linewidth 2.1 linecolor rgb '#600072B2' notitle
set xrange [-3.57174:3.58474]
set yrange [-3.5477:3.5627]
set lmargin at screen 0.03000
set rmargin at screen 0.14525
set tmargin at screen 0.47456
set bmargin at screen 0.24902
unset label
set label 'donut' at screen 0.01500, screen 0.36179 center rotate by 90 font size_of(1.0) noenhanced
plot 'draws.dat' index 27 with lines linewidth 0.8 linecolor rgb '#ced5db' notitle, \
     'draws.dat' index 26 with lines linewidth 0.8 linecolor rgb '#b3bcc5' notitle, \
     'draws.dat' index 25 with lines linewidth 0.8 linecolor rgb '#98a2ad' notitle, \
     'draws.dat' index 24 with lines linewidth 0.8 linecolor rgb '#7d8894' notitle, \
     'draws.dat' index 28 using 1:2:(0.0186):(0) with vectors nohead linewidth 2.1 linecolor rgb '#70333333' notitle
set lmargin at screen 0.15125
set rmargin at screen 0.26650
set tmargin at screen 0.47456
set bmargin at screen 0.24902
unset label
plot 'draws.dat' index 27 with lines linewidth 0.8 linecolor rgb '#ced5db' notitle, \
     'draws.dat' index 26 with lines linewidth 0.8 linecolor rgb '#b3bcc5' notitle, \
     'draws.dat' index 25 with lines linewidth 0.8 linecolor rgb '#98a2ad' notitle, \
     'draws.dat' index 24 with lines linewidth 0.8 linecolor rgb '#7d8894' notitle, \
     'draws.dat' index 29 using 1:2:(0.0186):(0) with vectors nohead linewidth 2.1 linecolor rgb '#600072B2' notitle
set lmargin at screen 0.27250
set rmargin at screen 0.38775
set tmargin at screen 0.47456
set bmargin at screen 0.24902
unset label
plot 'draws.dat' index 27 with lines linewidth 0.8 linecolor rgb '#ced5db' notitle, \
     'draws.dat' index 26 with lines linewidth 0.8 linecolor rgb '#b3bcc5' notitle, \
     'draws.dat' index 25 with lines linewidth 0.8 linecolor rgb '#98a2ad' notitle, \
     'draws.dat' index 24 with lines linewidth 0.8 linecolor rgb '#7d8894' notitle, \
     'draws.dat' index 30 using 1:2:(0.0186):(0) with vectors nohead linewidth 2.1 linecolor rgb '#600072B2' notitle
set lmargin at screen 0.39375
set rmargin at screen 0.50900
set tmargin at screen 0.47456
set bmargin at screen 0.24902
unset label
plot 'draws.dat' index 27 with lines linewidth 0.8 linecolor rgb '#ced5db' notitle, \
     'draws.dat' index 26 with lines linewidth 0.8 linecolor rgb '#b3bcc5' notitle, \
     'draws.dat' index 25 with lines linewidth 0.8 linecolor rgb '#98a2ad' notitle, \
     'draws.dat' index 24 with lines linewidth 0.8 linecolor rgb '#7d8894' notitle, \
     'draws.dat' index 31 using 1:2:(0.0186):(0) with vectors nohead linewidth 2.1 linecolor rgb '#600072B2' notitle
set lmargin at screen 0.51500
set rmargin at screen 0.63025
set tmargin at screen 0.47456
set bmargin at screen 0.24902
unset label
plot 'draws.dat' index 27 with lines linewidth 0.8 linecolor rgb '#ced5db' notitle, \
     'draws.dat' index 26 with lines linewidth 0.8 linecolor rgb '#b3bcc5' notitle, \
     'draws.dat' index 25 with lines linewidth 0.8 linecolor rgb '#98a2ad' notitle, \
     'draws.dat' index 24 with lines linewidth 0.8 linecolor rgb '#7d8894' notitle, \
     'draws.dat' index 32 using 1:2:(0.0186):(0) with vectors nohead linewidth 2.1 linecolor rgb '#600072B2' notitle
set lmargin at screen 0.63625
set rmargin at screen 0.75150
set tmargin at screen 0.47456
set bmargin at screen 0.24902
unset label
plot 'draws.dat' index 27 with lines linewidth 0.8 linecolor rgb '#ced5db' notitle, \
     'draws.dat' index 26 with lines linewidth 0.8 linecolor rgb '#b3bcc5' notitle, \
     'draws.dat' index 25 with lines linewidth 0.8 linecolor rgb '#98a2ad' notitle, \
     'draws.dat' index 24 with lines linewidth 0.8 linecolor rgb '#7d8894' notitle, \
     'draws.dat' index 33 using 1:2:(0.0186):(0) with vectors nohead linewidth 2.1 linecolor rgb '#600072B2' notitle
set lmargin at screen 0.75750
set rmargin at screen 0.87275
set tmargin at screen 0.47456
set bmargin at screen 0.24902
unset label
plot 'draws.dat' index 27 with lines linewidth 0.8 linecolor rgb '#ced5db' notitle, \
     'draws.dat' index 26 with lines linewidth 0.8 linecolor rgb '#b3bcc5' notitle, \
     'draws.dat' index 25 with lines linewidth 0.8 linecolor rgb '#98a2ad' notitle, \
     'draws.dat' index 24 with lines linewidth 0.8 linecolor rgb '#7d8894' notitle, \
     'draws.dat' index 34 using 1:2:(0.0186):(0) with vectors nohead linewidth 2.1 linecolor rgb '#600072B2' notitle
set lmargin at screen 0.87875
set rmargin at screen 0.99400
set tmargin at screen 0.47456
set bmargin at screen 0.24902
unset label
set label '9 % outside' at graph 0.97, graph 0.06 right noenhanced font size_of(0.75) textcolor rgb '#8a4b00' front
plot 'draws.dat' index 27 with lines linewidth 0.8 linecolor rgb '#ced5db' notitle, \
     'draws.dat' index 26 with lines linewidth 0.8 linecolor rgb '#b3bcc5' notitle, \
     'draws.dat' index 25 with lines linewidth 0.8 linecolor rgb '#98a2ad' notitle, \
     'draws.dat' index 24 with lines linewidth 0.8 linecolor rgb '#7d8894' notitle, \
     'draws.dat' index 35 using 1:2:(0.0186):(0) with vectors nohead linewidth 2.1 linecolor rgb '#600072B2' notitle
set xrange [-2.47784:3.86584]
set yrange [-2.01059:11.5985]
set lmargin at screen 0.03000
set rmargin at screen 0.14525
set tmargin at screen 0.23728
set bmargin at screen 0.01174
unset label
set label 'rosenbrock' at screen 0.01500, screen 0.12451 center rotate by 90 font size_of(1.0) noenhanced
plot 'draws.dat' index 39 with lines linewidth 0.8 linecolor rgb '#ced5db' notitle, \
     'draws.dat' index 38 with lines linewidth 0.8 linecolor rgb '#b3bcc5' notitle, \
     'draws.dat' index 37 with lines linewidth 0.8 linecolor rgb '#98a2ad' notitle, \
     'draws.dat' index 36 with lines linewidth 0.8 linecolor rgb '#7d8894' notitle, \
     'draws.dat' index 40 using 1:2:(0.0165):(0) with vectors nohead linewidth 2.1 linecolor rgb '#70333333' notitle
set lmargin at screen 0.15125
set rmargin at screen 0.26650
set tmargin at screen 0.23728
set bmargin at screen 0.01174
unset label
plot 'draws.dat' index 39 with lines linewidth 0.8 linecolor rgb '#ced5db' notitle, \
     'draws.dat' index 38 with lines linewidth 0.8 linecolor rgb '#b3bcc5' notitle, \
     'draws.dat' index 37 with lines linewidth 0.8 linecolor rgb '#98a2ad' notitle, \
     'draws.dat' index 36 with lines linewidth 0.8 linecolor rgb '#7d8894' notitle, \
     'draws.dat' index 41 using 1:2:(0.0165):(0) with vectors nohead linewidth 2.1 linecolor rgb '#600072B2' notitle
set lmargin at screen 0.27250
set rmargin at screen 0.38775
set tmargin at screen 0.23728
set bmargin at screen 0.01174
unset label
plot 'draws.dat' index 39 with lines linewidth 0.8 linecolor rgb '#ced5db' notitle, \
     'draws.dat' index 38 with lines linewidth 0.8 linecolor rgb '#b3bcc5' notitle, \
     'draws.dat' index 37 with lines linewidth 0.8 linecolor rgb '#98a2ad' notitle, \
     'draws.dat' index 36 with lines linewidth 0.8 linecolor rgb '#7d8894' notitle, \
     'draws.dat' index 42 using 1:2:(0.0165):(0) with vectors nohead linewidth 2.1 linecolor rgb '#600072B2' notitle
set lmargin at screen 0.39375
set rmargin at screen 0.50900
set tmargin at screen 0.23728
set bmargin at screen 0.01174
unset label
plot 'draws.dat' index 39 with lines linewidth 0.8 linecolor rgb '#ced5db' notitle, \
     'draws.dat' index 38 with lines linewidth 0.8 linecolor rgb '#b3bcc5' notitle, \
     'draws.dat' index 37 with lines linewidth 0.8 linecolor rgb '#98a2ad' notitle, \
     'draws.dat' index 36 with lines linewidth 0.8 linecolor rgb '#7d8894' notitle, \
     'draws.dat' index 43 using 1:2:(0.0165):(0) with vectors nohead linewidth 2.1 linecolor rgb '#600072B2' notitle
set lmargin at screen 0.51500
set rmargin at screen 0.63025
set tmargin at screen 0.23728
set bmargin at screen 0.01174
unset label
plot 'draws.dat' index 39 with lines linewidth 0.8 linecolor rgb '#ced5db' notitle, \
     'draws.dat' index 38 with lines linewidth 0.8 linecolor rgb '#b3bcc5' notitle, \
     'draws.dat' index 37 with lines linewidth 0.8 linecolor rgb '#98a2ad' notitle, \
     'draws.dat' index 36 with lines linewidth 0.8 linecolor rgb '#7d8894' notitle, \
     'draws.dat' index 44 using 1:2:(0.0165):(0) with vectors nohead linewidth 2.1 linecolor rgb '#600072B2' notitle
set lmargin at screen 0.63625
set rmargin at screen 0.75150
set tmargin at screen 0.23728
set bmargin at screen 0.01174
unset label
plot 'draws.dat' index 39 with lines linewidth 0.8 linecolor rgb '#ced5db' notitle, \
     'draws.dat' index 38 with lines linewidth 0.8 linecolor rgb '#b3bcc5' notitle, \
     'draws.dat' index 37 with lines linewidth 0.8 linecolor rgb '#98a2ad' notitle, \
     'draws.dat' index 36 with lines linewidth 0.8 linecolor rgb '#7d8894' notitle, \
     'draws.dat' index 45 using 1:2:(0.0165):(0) with vectors nohead linewidth 2.1 linecolor rgb '#600072B2' notitle
set lmargin at screen 0.75750
set rmargin at screen 0.87275
set tmargin at screen 0.23728
set bmargin at screen 0.01174
unset label
plot 'draws.dat' index 39 with lines linewidth 0.8 linecolor rgb '#ced5db' notitle, \
     'draws.dat' index 38 with lines linewidth 0.8 linecolor rgb '#b3bcc5' notitle, \
     'draws.dat' index 37 with lines linewidth 0.8 linecolor rgb '#98a2ad' notitle, \
     'draws.dat' index 36 with lines linewidth 0.8 linecolor rgb '#7d8894' notitle, \
     'draws.dat' index 46 using 1:2:(0.0165):(0) with vectors nohead linewidth 2.1 linecolor rgb '#600072B2' notitle
set lmargin at screen 0.87875
set rmargin at screen 0.99400
set tmargin at screen 0.23728
set bmargin at screen 0.01174
unset label
plot 'draws.dat' index 39 with lines linewidth 0.8 linecolor rgb '#ced5db' notitle, \
     'draws.dat' index 38 with lines linewidth 0.8 linecolor rgb '#b3bcc5' notitle, \
     'draws.dat' index 37 with lines linewidth 0.8 linecolor rgb '#98a2ad' notitle, \
     'draws.dat' index 36 with lines linewidth 0.8 linecolor rgb '#7d8894' notitle, \
     'draws.dat' index 47 using 1:2:(0.0165):(0) with vectors nohead linewidth 2.1 linecolor rgb '#600072B2' notitle
unset multiplot
