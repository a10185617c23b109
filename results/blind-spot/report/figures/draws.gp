# gnuplot -e "format='svg'" draws.gp   (or png, pdf)
if (!exists("format")) format = 'svg'
base = format eq 'svg' ? 12 : 9  # font size: pixels of an SVG, points else
if (format eq 'svg') set terminal svg enhanced rounded size 1000,802 font 'Helvetica,12' background '#ffffff'
if (format eq 'png') set terminal pngcairo enhanced rounded size 1500,1203 font 'Helvetica,9' fontscale 1.5 linewidth 1.5 pointscale 1.5 background '#ffffff'
if (format eq 'pdf') set terminal pdfcairo enhanced rounded size 10.417in,8.354in font 'Helvetica,9' fontscale 1
size_of(share) = sprintf(',%.1f', share * base)
set output 'draws.'.format
set encoding utf8
set border 15 linewidth 0.6 linecolor rgb '#9aa4af'
unset tics
unset key
set multiplot
set xrange [-3.49228:3.55028]
set yrange [-2.48052:2.72652]
set lmargin at screen 0.03000
set rmargin at screen 0.21800
set tmargin at screen 0.96758
set bmargin at screen 0.73317
unset label
set label 'exact' at screen 0.12400, screen 0.98379 center font size_of(1.00) noenhanced
set label '2 apart' at screen 0.01500, screen 0.85037 center rotate by 90 font size_of(1.0) noenhanced
plot 'draws.dat' index 3 with lines linewidth 0.8 linecolor rgb '#ced5db' notitle, \
     'draws.dat' index 2 with lines linewidth 0.8 linecolor rgb '#b3bcc5' notitle, \
     'draws.dat' index 1 with lines linewidth 0.8 linecolor rgb '#98a2ad' notitle, \
     'draws.dat' index 0 with lines linewidth 0.8 linecolor rgb '#7d8894' notitle, \
     'draws.dat' index 4 using 1:2:(0.0112):(0) with vectors nohead linewidth 2.1 linecolor rgb '#70333333' notitle
set lmargin at screen 0.22400
set rmargin at screen 0.41200
set tmargin at screen 0.96758
set bmargin at screen 0.73317
unset label
set label '0.5 : 0.5' at screen 0.31800, screen 0.98379 center font size_of(1.00) noenhanced
plot 'draws.dat' index 3 with lines linewidth 0.8 linecolor rgb '#ced5db' notitle, \
     'draws.dat' index 2 with lines linewidth 0.8 linecolor rgb '#b3bcc5' notitle, \
     'draws.dat' index 1 with lines linewidth 0.8 linecolor rgb '#98a2ad' notitle, \
     'draws.dat' index 0 with lines linewidth 0.8 linecolor rgb '#7d8894' notitle, \
     'draws.dat' index 5 using 1:2:(0.0112):(0) with vectors nohead linewidth 2.1 linecolor rgb '#600072B2' notitle
set lmargin at screen 0.41800
set rmargin at screen 0.60600
set tmargin at screen 0.96758
set bmargin at screen 0.73317
unset label
set label '0.7 : 0.3' at screen 0.51200, screen 0.98379 center font size_of(1.00) noenhanced
plot 'draws.dat' index 3 with lines linewidth 0.8 linecolor rgb '#ced5db' notitle, \
     'draws.dat' index 2 with lines linewidth 0.8 linecolor rgb '#b3bcc5' notitle, \
     'draws.dat' index 1 with lines linewidth 0.8 linecolor rgb '#98a2ad' notitle, \
     'draws.dat' index 0 with lines linewidth 0.8 linecolor rgb '#7d8894' notitle, \
     'draws.dat' index 6 using 1:2:(0.0112):(0) with vectors nohead linewidth 2.1 linecolor rgb '#600072B2' notitle
set lmargin at screen 0.61200
set rmargin at screen 0.80000
set tmargin at screen 0.96758
set bmargin at screen 0.73317
unset label
set label '0.9 : 0.1' at screen 0.70600, screen 0.98379 center font size_of(1.00) noenhanced
plot 'draws.dat' index 3 with lines linewidth 0.8 linecolor rgb '#ced5db' notitle, \
     'draws.dat' index 2 with lines linewidth 0.8 linecolor rgb '#b3bcc5' notitle, \
     'draws.dat' index 1 with lines linewidth 0.8 linecolor rgb '#98a2ad' notitle, \
     'draws.dat' index 0 with lines linewidth 0.8 linecolor rgb '#7d8894' notitle, \
     'draws.dat' index 7 using 1:2:(0.0112):(0) with vectors nohead linewidth 2.1 linecolor rgb '#600072B2' notitle
set lmargin at screen 0.80600
set rmargin at screen 0.99400
set tmargin at screen 0.96758
set bmargin at screen 0.73317
unset label
set label '1 : 0' at screen 0.90000, screen 0.98379 center font size_of(1.00) noenhanced
plot 'draws.dat' index 3 with lines linewidth 0.8 linecolor rgb '#ced5db' notitle, \
     'draws.dat' index 2 with lines linewidth 0.8 linecolor rgb '#b3bcc5' notitle, \
     'draws.dat' index 1 with lines linewidth 0.8 linecolor rgb '#98a2ad' notitle, \
     'draws.dat' index 0 with lines linewidth 0.8 linecolor rgb '#7d8894' notitle, \
     'draws.dat' index 8 using 1:2:(0.0112):(0) with vectors nohead linewidth 2.1 linecolor rgb '#600072B2' notitle
set xrange [-4.44812:4.65012]
set yrange [-2.12644:2.22044]
set lmargin at screen 0.03000
set rmargin at screen 0.21800
set tmargin at screen 0.72569
set bmargin at screen 0.49127
unset label
set label '4 apart' at screen 0.01500, screen 0.60848 center rotate by 90 font size_of(1.0) noenhanced
plot 'draws.dat' index 12 with lines linewidth 0.8 linecolor rgb '#ced5db' notitle, \
     'draws.dat' index 11 with lines linewidth 0.8 linecolor rgb '#b3bcc5' notitle, \
     'draws.dat' index 10 with lines linewidth 0.8 linecolor rgb '#98a2ad' notitle, \
     'draws.dat' index 9 with lines linewidth 0.8 linecolor rgb '#7d8894' notitle, \
     'draws.dat' index 13 using 1:2:(0.0145):(0) with vectors nohead linewidth 2.1 linecolor rgb '#70333333' notitle
set lmargin at screen 0.22400
set rmargin at screen 0.41200
set tmargin at screen 0.72569
set bmargin at screen 0.49127
unset label
plot 'draws.dat' index 12 with lines linewidth 0.8 linecolor rgb '#ced5db' notitle, \
     'draws.dat' index 11 with lines linewidth 0.8 linecolor rgb '#b3bcc5' notitle, \
     'draws.dat' index 10 with lines linewidth 0.8 linecolor rgb '#98a2ad' notitle, \
     'draws.dat' index 9 with lines linewidth 0.8 linecolor rgb '#7d8894' notitle, \
     'draws.dat' index 14 using 1:2:(0.0145):(0) with vectors nohead linewidth 2.1 linecolor rgb '#600072B2' notitle
set lmargin at screen 0.41800
set rmargin at screen 0.60600
set tmargin at screen 0.72569
set bmargin at screen 0.49127
unset label
plot 'draws.dat' index 12 with lines linewidth 0.8 linecolor rgb '#ced5db' notitle, \
     'draws.dat' index 11 with lines linewidth 0.8 linecolor rgb '#b3bcc5' notitle, \
     'draws.dat' index 10 with lines linewidth 0.8 linecolor rgb '#98a2ad' notitle, \
     'draws.dat' index 9 with lines linewidth 0.8 linecolor rgb '#7d8894' notitle, \
     'draws.dat' index 15 using 1:2:(0.0145):(0) with vectors nohead linewidth 2.1 linecolor rgb '#600072B2' notitle
set lmargin at screen 0.61200
set rmargin at screen 0.80000
set tmargin at screen 0.72569
set bmargin at screen 0.49127
unset label
plot 'draws.dat' index 12 with lines linewidth 0.8 linecolor rgb '#ced5db' notitle, \
     'draws.dat' index 11 with lines linewidth 0.8 linecolor rgb '#b3bcc5' notitle, \
     'draws.dat' index 10 with lines linewidth 0.8 linecolor rgb '#98a2ad' notitle, \
     'draws.dat' index 9 with lines linewidth 0.8 linecolor rgb '#7d8894' notitle, \
     'draws.dat' index 16 using 1:2:(0.0145):(0) with vectors nohead linewidth 2.1 linecolor rgb '#600072B2' notitle
set lmargin at screen 0.80600
set rmargin at screen 0.99400
set tmargin at screen 0.72569
set bmargin at screen 0.49127
unset label
plot 'draws.dat' index 12 with lines linewidth 0.8 linecolor rgb '#ced5db' notitle, \
     'draws.dat' index 11 with lines linewidth 0.8 linecolor rgb '#b3bcc5' notitle, \
     'draws.dat' index 10 with lines linewidth 0.8 linecolor rgb '#98a2ad' notitle, \
     'draws.dat' index 9 with lines linewidth 0.8 linecolor rgb '#7d8894' notitle, \
     'draws.dat' index 17 using 1:2:(0.0145):(0) with vectors nohead linewidth 2.1 linecolor rgb '#600072B2' notitle
set xrange [-5.88052:5.91852]
set yrange [-2.42234:2.22534]
set lmargin at screen 0.03000
set rmargin at screen 0.21800
set tmargin at screen 0.48379
set bmargin at screen 0.24938
unset label
set label '6 apart' at screen 0.01500, screen 0.36658 center rotate by 90 font size_of(1.0) noenhanced
plot 'draws.dat' index 21 with lines linewidth 0.8 linecolor rgb '#ced5db' notitle, \
     'draws.dat' index 20 with lines linewidth 0.8 linecolor rgb '#b3bcc5' notitle, \
     'draws.dat' index 19 with lines linewidth 0.8 linecolor rgb '#98a2ad' notitle, \
     'draws.dat' index 18 with lines linewidth 0.8 linecolor rgb '#7d8894' notitle, \
     'draws.dat' index 22 using 1:2:(0.0188):(0) with vectors nohead linewidth 2.1 linecolor rgb '#70333333' notitle
set lmargin at screen 0.22400
set rmargin at screen 0.41200
set tmargin at screen 0.48379
set bmargin at screen 0.24938
unset label
plot 'draws.dat' index 21 with lines linewidth 0.8 linecolor rgb '#ced5db' notitle, \
     'draws.dat' index 20 with lines linewidth 0.8 linecolor rgb '#b3bcc5' notitle, \
     'draws.dat' index 19 with lines linewidth 0.8 linecolor rgb '#98a2ad' notitle, \
     'draws.dat' index 18 with lines linewidth 0.8 linecolor rgb '#7d8894' notitle, \
     'draws.dat' index 23 using 1:2:(0.0188):(0) with vectors nohead linewidth 2.1 linecolor rgb '#600072B2' notitle
set lmargin at screen 0.41800
set rmargin at screen 0.60600
set tmargin at screen 0.48379
set bmargin at screen 0.24938
unset label
plot 'draws.dat' index 21 with lines linewidth 0.8 linecolor rgb '#ced5db' notitle, \
     'draws.dat' index 20 with lines linewidth 0.8 linecolor rgb '#b3bcc5' notitle, \
     'draws.dat' index 19 with lines linewidth 0.8 linecolor rgb '#98a2ad' notitle, \
     'draws.dat' index 18 with lines linewidth 0.8 linecolor rgb '#7d8894' notitle, \
     'draws.dat' index 24 using 1:2:(0.0188):(0) with vectors nohead linewidth 2.1 linecolor rgb '#600072B2' notitle
set lmargin at screen 0.61200
set rmargin at screen 0.80000
set tmargin at screen 0.48379
set bmargin at screen 0.24938
unset label
plot 'draws.dat' index 21 with lines linewidth 0.8 linecolor rgb '#ced5db' notitle, \
     'draws.dat' index 20 with lines linewidth 0.8 linecolor rgb '#b3bcc5' notitle, \
     'draws.dat' index 19 with lines linewidth 0.8 linecolor rgb '#98a2ad' notitle, \
     'draws.dat' index 18 with lines linewidth 0.8 linecolor rgb '#7d8894' notitle, \
     'draws.dat' index 25 using 1:2:(0.0188):(0) with vectors nohead linewidth 2.1 linecolor rgb '#600072B2' notitle
set lmargin at screen 0.80600
set rmargin at screen 0.99400
set tmargin at screen 0.48379
set bmargin at screen 0.24938
unset label
plot 'draws.dat' index 21 with lines linewidth 0.8 linecolor rgb '#ced5db' notitle, \
     'draws.dat' index 20 with lines linewidth 0.8 linecolor rgb '#b3bcc5' notitle, \
     'draws.dat' index 19 with lines linewidth 0.8 linecolor rgb '#98a2ad' notitle, \
     'draws.dat' index 18 with lines linewidth 0.8 linecolor rgb '#7d8894' notitle, \
     'draws.dat' index 26 using 1:2:(0.0188):(0) with vectors nohead linewidth 2.1 linecolor rgb '#600072B2' notitle
set xrange [-8.49398:8.28298]
set yrange [-2.60394:2.28694]
set lmargin at screen 0.03000
set rmargin at screen 0.21800
set tmargin at screen 0.24190
set bmargin at screen 0.00748
unset label
set label '10 apart' at screen 0.01500, screen 0.12469 center rotate by 90 font size_of(1.0) noenhanced
plot 'draws.dat' index 30 with lines linewidth 0.8 linecolor rgb '#ced5db' notitle, \
     'draws.dat' index 29 with lines linewidth 0.8 linecolor rgb '#b3bcc5' notitle, \
     'draws.dat' index 28 with lines linewidth 0.8 linecolor rgb '#98a2ad' notitle, \
     'draws.dat' index 27 with lines linewidth 0.8 linecolor rgb '#7d8894' notitle, \
     'draws.dat' index 31 using 1:2:(0.0268):(0) with vectors nohead linewidth 2.1 linecolor rgb '#70333333' notitle
set lmargin at screen 0.22400
set rmargin at screen 0.41200
set tmargin at screen 0.24190
set bmargin at screen 0.00748
unset label
plot 'draws.dat' index 30 with lines linewidth 0.8 linecolor rgb '#ced5db' notitle, \
     'draws.dat' index 29 with lines linewidth 0.8 linecolor rgb '#b3bcc5' notitle, \
     'draws.dat' index 28 with lines linewidth 0.8 linecolor rgb '#98a2ad' notitle, \
     'draws.dat' index 27 with lines linewidth 0.8 linecolor rgb '#7d8894' notitle, \
     'draws.dat' index 32 using 1:2:(0.0268):(0) with vectors nohead linewidth 2.1 linecolor rgb '#600072B2' notitle
set lmargin at screen 0.41800
set rmargin at screen 0.60600
set tmargin at screen 0.24190
set bmargin at screen 0.00748
unset label
plot 'draws.dat' index 30 with lines linewidth 0.8 linecolor rgb '#ced5db' notitle, \
     'draws.dat' index 29 with lines linewidth 0.8 linecolor rgb '#b3bcc5' notitle, \
     'draws.dat' index 28 with lines linewidth 0.8 linecolor rgb '#98a2ad' notitle, \
     'draws.dat' index 27 with lines linewidth 0.8 linecolor rgb '#7d8894' notitle, \
     'draws.dat' index 33 using 1:2:(0.0268):(0) with vectors nohead linewidth 2.1 linecolor rgb '#600072B2' notitle
set lmargin at screen 0.61200
set rmargin at screen 0.80000
set tmargin at screen 0.24190
set bmargin at screen 0.00748
unset label
plot 'draws.dat' index 30 with lines linewidth 0.8 linecolor rgb '#ced5db' notitle, \
     'draws.dat' index 29 with lines linewidth 0.8 linecolor rgb '#b3bcc5' notitle, \
     'draws.dat' index 28 with lines linewidth 0.8 linecolor rgb '#98a2ad' notitle, \
     'draws.dat' index 27 with lines linewidth 0.8 linecolor rgb '#7d8894' notitle, \
     'draws.dat' index 34 using 1:2:(0.0268):(0) with vectors nohead linewidth 2.1 linecolor rgb '#600072B2' notitle
set lmargin at screen 0.80600
set rmargin at screen 0.99400
set tmargin at screen 0.24190
set bmargin at screen 0.00748
unset label
plot 'draws.dat' index 30 with lines linewidth 0.8 linecolor rgb '#ced5db' notitle, \
     'draws.dat' index 29 with lines linewidth 0.8 linecolor rgb '#b3bcc5' notitle, \
     'draws.dat' index 28 with lines linewidth 0.8 linecolor rgb '#98a2ad' notitle, \
     'draws.dat' index 27 with lines linewidth 0.8 linecolor rgb '#7d8894' notitle, \
     'draws.dat' index 35 using 1:2:(0.0268):(0) with vectors nohead linewidth 2.1 linecolor rgb '#600072B2' notitle
unset multiplot
