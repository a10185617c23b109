# gnuplot -e "format='svg'" draws.gp   (or png, pdf)
if (!exists("format")) format = 'svg'
base = format eq 'svg' ? 12 : 9  # font size: pixels of an SVG, points else
if (format eq 'svg') set terminal svg enhanced rounded size 1000,996 font 'Helvetica,12' background '#ffffff'
if (format eq 'png') set terminal pngcairo enhanced rounded size 1500,1494 font 'Helvetica,9' fontscale 1.5 linewidth 1.5 pointscale 1.5 background '#ffffff'
if (format eq 'pdf') set terminal pdfcairo enhanced rounded size 10.417in,10.375in font 'Helvetica,9' fontscale 1
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
set rmargin at screen 0.18567
set tmargin at screen 0.97390
set bmargin at screen 0.81760
unset label
set label 'exact' at screen 0.10783, screen 0.98695 center font size_of(1.00) noenhanced
set label 'gaussian' at screen 0.01500, screen 0.89575 center rotate by 90 font size_of(1.0) noenhanced
plot 'draws.dat' index 3 with lines linewidth 0.8 linecolor rgb '#ced5db' notitle, \
     'draws.dat' index 2 with lines linewidth 0.8 linecolor rgb '#b3bcc5' notitle, \
     'draws.dat' index 1 with lines linewidth 0.8 linecolor rgb '#98a2ad' notitle, \
     'draws.dat' index 0 with lines linewidth 0.8 linecolor rgb '#7d8894' notitle, \
     'draws.dat' index 4 using 1:2:(0.0121):(0) with vectors nohead linewidth 2.1 linecolor rgb '#70333333' notitle
set lmargin at screen 0.19167
set rmargin at screen 0.34733
set tmargin at screen 0.97390
set bmargin at screen 0.81760
unset label
set label 'full' at screen 0.26950, screen 0.98695 center font size_of(1.00) noenhanced
plot 'draws.dat' index 3 with lines linewidth 0.8 linecolor rgb '#ced5db' notitle, \
     'draws.dat' index 2 with lines linewidth 0.8 linecolor rgb '#b3bcc5' notitle, \
     'draws.dat' index 1 with lines linewidth 0.8 linecolor rgb '#98a2ad' notitle, \
     'draws.dat' index 0 with lines linewidth 0.8 linecolor rgb '#7d8894' notitle, \
     'draws.dat' index 5 using 1:2:(0.0121):(0) with vectors nohead linewidth 2.1 linecolor rgb '#600072B2' notitle
set lmargin at screen 0.35333
set rmargin at screen 0.50900
set tmargin at screen 0.97390
set bmargin at screen 0.81760
unset label
set label 'through_sample' at screen 0.43117, screen 0.98695 center font size_of(1.00) noenhanced
set label '100 % outside' at graph 0.97, graph 0.06 right noenhanced font size_of(0.75) textcolor rgb '#8a4b00' front
plot 'draws.dat' index 3 with lines linewidth 0.8 linecolor rgb '#ced5db' notitle, \
     'draws.dat' index 2 with lines linewidth 0.8 linecolor rgb '#b3bcc5' notitle, \
     'draws.dat' index 1 with lines linewidth 0.8 linecolor rgb '#98a2ad' notitle, \
     'draws.dat' index 0 with lines linewidth 0.8 linecolor rgb '#7d8894' notitle
set lmargin at screen 0.51500
set rmargin at screen 0.67067
set tmargin at screen 0.97390
set bmargin at screen 0.81760
unset label
set label 'through_score' at screen 0.59283, screen 0.98695 center font size_of(1.00) noenhanced
plot 'draws.dat' index 3 with lines linewidth 0.8 linecolor rgb '#ced5db' notitle, \
     'draws.dat' index 2 with lines linewidth 0.8 linecolor rgb '#b3bcc5' notitle, \
     'draws.dat' index 1 with lines linewidth 0.8 linecolor rgb '#98a2ad' notitle, \
     'draws.dat' index 0 with lines linewidth 0.8 linecolor rgb '#7d8894' notitle, \
     'draws.dat' index 6 using 1:2:(0.0121):(0) with vectors nohead linewidth 2.1 linecolor rgb '#600072B2' notitle
set lmargin at screen 0.67667
set rmargin at screen 0.83233
set tmargin at screen 0.97390
set bmargin at screen 0.81760
unset label
set label 'family alpha=0.8' at screen 0.75450, screen 0.98695 center font size_of(1.00) noenhanced
plot 'draws.dat' index 3 with lines linewidth 0.8 linecolor rgb '#ced5db' notitle, \
     'draws.dat' index 2 with lines linewidth 0.8 linecolor rgb '#b3bcc5' notitle, \
     'draws.dat' index 1 with lines linewidth 0.8 linecolor rgb '#98a2ad' notitle, \
     'draws.dat' index 0 with lines linewidth 0.8 linecolor rgb '#7d8894' notitle, \
     'draws.dat' index 7 using 1:2:(0.0121):(0) with vectors nohead linewidth 2.1 linecolor rgb '#600072B2' notitle
set lmargin at screen 0.83833
set rmargin at screen 0.99400
set tmargin at screen 0.97390
set bmargin at screen 0.81760
unset label
set label 'family alpha=1.2' at screen 0.91617, screen 0.98695 center font size_of(1.00) noenhanced
set label '100 % outside' at graph 0.97, graph 0.06 right noenhanced font size_of(0.75) textcolor rgb '#8a4b00' front
plot 'draws.dat' index 3 with lines linewidth 0.8 linecolor rgb '#ced5db' notitle, \
     'draws.dat' index 2 with lines linewidth 0.8 linecolor rgb '#b3bcc5' notitle, \
     'draws.dat' index 1 with lines linewidth 0.8 linecolor rgb '#98a2ad' notitle, \
     'draws.dat' index 0 with lines linewidth 0.8 linecolor rgb '#7d8894' notitle
set xrange [-4.44812:4.65012]
set yrange [-2.12644:2.22044]
set lmargin at screen 0.03000
set rmargin at screen 0.18567
set tmargin at screen 0.81158
set bmargin at screen 0.65529
unset label
set label 'mog2' at screen 0.01500, screen 0.73343 center rotate by 90 font size_of(1.0) noenhanced
plot 'draws.dat' index 11 with lines linewidth 0.8 linecolor rgb '#ced5db' notitle, \
     'draws.dat' index 10 with lines linewidth 0.8 linecolor rgb '#b3bcc5' notitle, \
     'draws.dat' index 9 with lines linewidth 0.8 linecolor rgb '#98a2ad' notitle, \
     'draws.dat' index 8 with lines linewidth 0.8 linecolor rgb '#7d8894' notitle, \
     'draws.dat' index 12 using 1:2:(0.0175):(0) with vectors nohead linewidth 2.1 linecolor rgb '#70333333' notitle
set lmargin at screen 0.19167
set rmargin at screen 0.34733
set tmargin at screen 0.81158
set bmargin at screen 0.65529
unset label
plot 'draws.dat' index 11 with lines linewidth 0.8 linecolor rgb '#ced5db' notitle, \
     'draws.dat' index 10 with lines linewidth 0.8 linecolor rgb '#b3bcc5' notitle, \
     'draws.dat' index 9 with lines linewidth 0.8 linecolor rgb '#98a2ad' notitle, \
     'draws.dat' index 8 with lines linewidth 0.8 linecolor rgb '#7d8894' notitle, \
     'draws.dat' index 13 using 1:2:(0.0175):(0) with vectors nohead linewidth 2.1 linecolor rgb '#600072B2' notitle
set lmargin at screen 0.35333
set rmargin at screen 0.50900
set tmargin at screen 0.81158
set bmargin at screen 0.65529
unset label
set label '100 % outside' at graph 0.97, graph 0.06 right noenhanced font size_of(0.75) textcolor rgb '#8a4b00' front
plot 'draws.dat' index 11 with lines linewidth 0.8 linecolor rgb '#ced5db' notitle, \
     'draws.dat' index 10 with lines linewidth 0.8 linecolor rgb '#b3bcc5' notitle, \
     'draws.dat' index 9 with lines linewidth 0.8 linecolor rgb '#98a2ad' notitle, \
     'draws.dat' index 8 with lines linewidth 0.8 linecolor rgb '#7d8894' notitle
set lmargin at screen 0.51500
set rmargin at screen 0.67067
set tmargin at screen 0.81158
set bmargin at screen 0.65529
unset label
plot 'draws.dat' index 11 with lines linewidth 0.8 linecolor rgb '#ced5db' notitle, \
     'draws.dat' index 10 with lines linewidth 0.8 linecolor rgb '#b3bcc5' notitle, \
     'draws.dat' index 9 with lines linewidth 0.8 linecolor rgb '#98a2ad' notitle, \
     'draws.dat' index 8 with lines linewidth 0.8 linecolor rgb '#7d8894' notitle, \
     'draws.dat' index 14 using 1:2:(0.0175):(0) with vectors nohead linewidth 2.1 linecolor rgb '#600072B2' notitle
set lmargin at screen 0.67667
set rmargin at screen 0.83233
set tmargin at screen 0.81158
set bmargin at screen 0.65529
unset label
plot 'draws.dat' index 11 with lines linewidth 0.8 linecolor rgb '#ced5db' notitle, \
     'draws.dat' index 10 with lines linewidth 0.8 linecolor rgb '#b3bcc5' notitle, \
     'draws.dat' index 9 with lines linewidth 0.8 linecolor rgb '#98a2ad' notitle, \
     'draws.dat' index 8 with lines linewidth 0.8 linecolor rgb '#7d8894' notitle, \
     'draws.dat' index 15 using 1:2:(0.0175):(0) with vectors nohead linewidth 2.1 linecolor rgb '#600072B2' notitle
set lmargin at screen 0.83833
set rmargin at screen 0.99400
set tmargin at screen 0.81158
set bmargin at screen 0.65529
unset label
set label '100 % outside' at graph 0.97, graph 0.06 right noenhanced font size_of(0.75) textcolor rgb '#8a4b00' front
plot 'draws.dat' index 11 with lines linewidth 0.8 linecolor rgb '#ced5db' notitle, \
     'draws.dat' index 10 with lines linewidth 0.8 linecolor rgb '#b3bcc5' notitle, \
     'draws.dat' index 9 with lines linewidth 0.8 linecolor rgb '#98a2ad' notitle, \
     'draws.dat' index 8 with lines linewidth 0.8 linecolor rgb '#7d8894' notitle
set xrange [-2.47784:3.86584]
set yrange [-2.01059:11.5985]
set lmargin at screen 0.03000
set rmargin at screen 0.18567
set tmargin at screen 0.64926
set bmargin at screen 0.49297
unset label
set label 'rosenbrock' at screen 0.01500, screen 0.57112 center rotate by 90 font size_of(1.0) noenhanced
plot 'draws.dat' index 19 with lines linewidth 0.8 linecolor rgb '#ced5db' notitle, \
     'draws.dat' index 18 with lines linewidth 0.8 linecolor rgb '#b3bcc5' notitle, \
     'draws.dat' index 17 with lines linewidth 0.8 linecolor rgb '#98a2ad' notitle, \
     'draws.dat' index 16 with lines linewidth 0.8 linecolor rgb '#7d8894' notitle, \
     'draws.dat' index 20 using 1:2:(0.0122):(0) with vectors nohead linewidth 2.1 linecolor rgb '#70333333' notitle
set lmargin at screen 0.19167
set rmargin at screen 0.34733
set tmargin at screen 0.64926
set bmargin at screen 0.49297
unset label
plot 'draws.dat' index 19 with lines linewidth 0.8 linecolor rgb '#ced5db' notitle, \
     'draws.dat' index 18 with lines linewidth 0.8 linecolor rgb '#b3bcc5' notitle, \
     'draws.dat' index 17 with lines linewidth 0.8 linecolor rgb '#98a2ad' notitle, \
     'draws.dat' index 16 with lines linewidth 0.8 linecolor rgb '#7d8894' notitle, \
     'draws.dat' index 21 using 1:2:(0.0122):(0) with vectors nohead linewidth 2.1 linecolor rgb '#600072B2' notitle
set lmargin at screen 0.35333
set rmargin at screen 0.50900
set tmargin at screen 0.64926
set bmargin at screen 0.49297
unset label
set label '22 % outside' at graph 0.97, graph 0.06 right noenhanced font size_of(0.75) textcolor rgb '#8a4b00' front
plot 'draws.dat' index 19 with lines linewidth 0.8 linecolor rgb '#ced5db' notitle, \
     'draws.dat' index 18 with lines linewidth 0.8 linecolor rgb '#b3bcc5' notitle, \
     'draws.dat' index 17 with lines linewidth 0.8 linecolor rgb '#98a2ad' notitle, \
     'draws.dat' index 16 with lines linewidth 0.8 linecolor rgb '#7d8894' notitle, \
     'draws.dat' index 22 using 1:2:(0.0122):(0) with vectors nohead linewidth 2.1 linecolor rgb '#600072B2' notitle
set lmargin at screen 0.51500
set rmargin at screen 0.67067
set tmargin at screen 0.64926
set bmargin at screen 0.49297
unset label
set label '97 % outside' at graph 0.97, graph 0.06 right noenhanced font size_of(0.75) textcolor rgb '#8a4b00' front
plot 'draws.dat' index 19 with lines linewidth 0.8 linecolor rgb '#ced5db' notitle, \
     'draws.dat' index 18 with lines linewidth 0.8 linecolor rgb '#b3bcc5' notitle, \
     'draws.dat' index 17 with lines linewidth 0.8 linecolor rgb '#98a2ad' notitle, \
     'draws.dat' index 16 with lines linewidth 0.8 linecolor rgb '#7d8894' notitle, \
     'draws.dat' index 23 using 1:2:(0.0122):(0) with vectors nohead linewidth 2.1 linecolor rgb '#600072B2' notitle
set lmargin at screen 0.67667
set rmargin at screen 0.83233
set tmargin at screen 0.64926
set bmargin at screen 0.49297
unset label
plot 'draws.dat' index 19 with lines linewidth 0.8 linecolor rgb '#ced5db' notitle, \
     'draws.dat' index 18 with lines linewidth 0.8 linecolor rgb '#b3bcc5' notitle, \
     'draws.dat' index 17 with lines linewidth 0.8 linecolor rgb '#98a2ad' notitle, \
     'draws.dat' index 16 with lines linewidth 0.8 linecolor rgb '#7d8894' notitle, \
     'draws.dat' index 24 using 1:2:(0.0122):(0) with vectors nohead linewidth 2.1 linecolor rgb '#600072B2' notitle
set lmargin at screen 0.83833
set rmargin at screen 0.99400
set tmargin at screen 0.64926
set bmargin at screen 0.49297
unset label
set label 'diverged' at graph 0.5, graph 0.5 center noenhanced font size_of(0.95) textcolor rgb '#8a4b00'
plot 'draws.dat' index 19 with lines linewidth 0.8 linecolor rgb '#ced5db' notitle, \
     'draws.dat' index 18 with lines linewidth 0.8 linecolor rgb '#b3bcc5' notitle, \
     'draws.dat' index 17 with lines linewidth 0.8 linecolor rgb '#98a2ad' notitle, \
     'draws.dat' index 16 with lines linewidth 0.8 linecolor rgb '#7d8894' notitle
set xrange [-3.57174:3.58474]
set yrange [-3.5477:3.5627]
set lmargin at screen 0.03000
set rmargin at screen 0.18567
set tmargin at screen 0.48695
set bmargin at screen 0.33066
unset label
set label 'donut' at screen 0.01500, screen 0.40880 center rotate by 90 font size_of(1.0) noenhanced
plot 'draws.dat' index 28 with lines linewidth 0.8 linecolor rgb '#ced5db' notitle, \
     'draws.dat' index 27 with lines linewidth 0.8 linecolor rgb '#b3bcc5' notitle, \
     'draws.dat' index 26 with lines linewidth 0.8 linecolor rgb '#98a2ad' notitle, \
     'draws.dat' index 25 with lines linewidth 0.8 linecolor rgb '#7d8894' notitle, \
     'draws.dat' index 29 using 1:2:(0.0138):(0) with vectors nohead linewidth 2.1 linecolor rgb '#70333333' notitle
set lmargin at screen 0.19167
set rmargin at screen 0.34733
set tmargin at screen 0.48695
set bmargin at screen 0.33066
unset label
plot 'draws.dat' index 28 with lines linewidth 0.8 linecolor rgb '#ced5db' notitle, \
     'draws.dat' index 27 with lines linewidth 0.8 linecolor rgb '#b3bcc5' notitle, \
     'draws.dat' index 26 with lines linewidth 0.8 linecolor rgb '#98a2ad' notitle, \
     'draws.dat' index 25 with lines linewidth 0.8 linecolor rgb '#7d8894' notitle, \
     'draws.dat' index 30 using 1:2:(0.0138):(0) with vectors nohead linewidth 2.1 linecolor rgb '#600072B2' notitle
set lmargin at screen 0.35333
set rmargin at screen 0.50900
set tmargin at screen 0.48695
set bmargin at screen 0.33066
unset label
plot 'draws.dat' index 28 with lines linewidth 0.8 linecolor rgb '#ced5db' notitle, \
     'draws.dat' index 27 with lines linewidth 0.8 linecolor rgb '#b3bcc5' notitle, \
     'draws.dat' index 26 with lines linewidth 0.8 linecolor rgb '#98a2ad' notitle, \
     'draws.dat' index 25 with lines linewidth 0.8 linecolor rgb '#7d8894' notitle, \
     'draws.dat' index 31 using 1:2:(0.0138):(0) with vectors nohead linewidth 2.1 linecolor rgb '#600072B2' notitle
set lmargin at screen 0.51500
set rmargin at screen 0.67067
set tmargin at screen 0.48695
set bmargin at screen 0.33066
unset label
plot 'draws.dat' index 28 with lines linewidth 0.8 linecolor rgb '#ced5db' notitle, \
     'draws.dat' index 27 with lines linewidth 0.8 linecolor rgb '#b3bcc5' notitle, \
     'draws.dat' index 26 with lines linewidth 0.8 linecolor rgb '#98a2ad' notitle, \
     'draws.dat' index 25 with lines linewidth 0.8 linecolor rgb '#7d8894' notitle, \
     'draws.dat' index 32 using 1:2:(0.0138):(0) with vectors nohead linewidth 2.1 linecolor rgb '#600072B2' notitle
set lmargin at screen 0.67667
set rmargin at screen 0.83233
set tmargin at screen 0.48695
set bmargin at screen 0.33066
unset label
plot 'draws.dat' index 28 with lines linewidth 0.8 linecolor rgb '#ced5db' notitle, \
     'draws.dat' index 27 with lines linewidth 0.8 linecolor rgb '#b3bcc5' notitle, \
     'draws.dat' index 26 with lines linewidth 0.8 linecolor rgb '#98a2ad' notitle, \
     'draws.dat' index 25 with lines linewidth 0.8 linecolor rgb '#7d8894' notitle, \
     'draws.dat' index 33 using 1:2:(0.0138):(0) with vectors nohead linewidth 2.1 linecolor rgb '#600072B2' notitle
set lmargin at screen 0.83833
set rmargin at screen 0.99400
set tmargin at screen 0.48695
set bmargin at screen 0.33066
unset label
set label '100 % outside' at graph 0.97, graph 0.06 right noenhanced font size_of(0.75) textcolor rgb '#8a4b00' front
plot 'draws.dat' index 28 with lines linewidth 0.8 linecolor rgb '#ced5db' notitle, \
     'draws.dat' index 27 with lines linewidth 0.8 linecolor rgb '#b3bcc5' notitle, \
     'draws.dat' index 26 with lines linewidth 0.8 linecolor rgb '#98a2ad' notitle, \
     'draws.dat' index 25 with lines linewidth 0.8 linecolor rgb '#7d8894' notitle
set xrange [-9.48404:8.86604]
set yrange [-43.3462:38.3562]
set lmargin at screen 0.03000
set rmargin at screen 0.18567
set tmargin at screen 0.32463
set bmargin at screen 0.16834
unset label
set label 'funnel' at screen 0.01500, screen 0.24649 center rotate by 90 font size_of(1.0) noenhanced
plot 'draws.dat' index 37 with lines linewidth 0.8 linecolor rgb '#ced5db' notitle, \
     'draws.dat' index 36 with lines linewidth 0.8 linecolor rgb '#b3bcc5' notitle, \
     'draws.dat' index 35 with lines linewidth 0.8 linecolor rgb '#98a2ad' notitle, \
     'draws.dat' index 34 with lines linewidth 0.8 linecolor rgb '#7d8894' notitle, \
     'draws.dat' index 38 using 1:2:(0.0354):(0) with vectors nohead linewidth 2.1 linecolor rgb '#70333333' notitle
set lmargin at screen 0.19167
set rmargin at screen 0.34733
set tmargin at screen 0.32463
set bmargin at screen 0.16834
unset label
plot 'draws.dat' index 37 with lines linewidth 0.8 linecolor rgb '#ced5db' notitle, \
     'draws.dat' index 36 with lines linewidth 0.8 linecolor rgb '#b3bcc5' notitle, \
     'draws.dat' index 35 with lines linewidth 0.8 linecolor rgb '#98a2ad' notitle, \
     'draws.dat' index 34 with lines linewidth 0.8 linecolor rgb '#7d8894' notitle, \
     'draws.dat' index 39 using 1:2:(0.0354):(0) with vectors nohead linewidth 2.1 linecolor rgb '#600072B2' notitle
set lmargin at screen 0.35333
set rmargin at screen 0.50900
set tmargin at screen 0.32463
set bmargin at screen 0.16834
unset label
set label '100 % outside' at graph 0.97, graph 0.06 right noenhanced font size_of(0.75) textcolor rgb '#8a4b00' front
plot 'draws.dat' index 37 with lines linewidth 0.8 linecolor rgb '#ced5db' notitle, \
     'draws.dat' index 36 with lines linewidth 0.8 linecolor rgb '#b3bcc5' notitle, \
     'draws.dat' index 35 with lines linewidth 0.8 linecolor rgb '#98a2ad' notitle, \
     'draws.dat' index 34 with lines linewidth 0.8 linecolor rgb '#7d8894' notitle
set lmargin at screen 0.51500
set rmargin at screen 0.67067
set tmargin at screen 0.32463
set bmargin at screen 0.16834
unset label
set label 'diverged' at graph 0.5, graph 0.5 center noenhanced font size_of(0.95) textcolor rgb '#8a4b00'
plot 'draws.dat' index 37 with lines linewidth 0.8 linecolor rgb '#ced5db' notitle, \
     'draws.dat' index 36 with lines linewidth 0.8 linecolor rgb '#b3bcc5' notitle, \
     'draws.dat' index 35 with lines linewidth 0.8 linecolor rgb '#98a2ad' notitle, \
     'draws.dat' index 34 with lines linewidth 0.8 linecolor rgb '#7d8894' notitle
set lmargin at screen 0.67667
set rmargin at screen 0.83233
set tmargin at screen 0.32463
set bmargin at screen 0.16834
unset label
plot 'draws.dat' index 37 with lines linewidth 0.8 linecolor rgb '#ced5db' notitle, \
     'draws.dat' index 36 with lines linewidth 0.8 linecolor rgb '#b3bcc5' notitle, \
     'draws.dat' index 35 with lines linewidth 0.8 linecolor rgb '#98a2ad' notitle, \
     'draws.dat' index 34 with lines linewidth 0.8 linecolor rgb '#7d8894' notitle, \
     'draws.dat' index 40 using 1:2:(0.0354):(0) with vectors nohead linewidth 2.1 linecolor rgb '#600072B2' notitle
set lmargin at screen 0.83833
set rmargin at screen 0.99400
set tmargin at screen 0.32463
set bmargin at screen 0.16834
unset label
set label 'diverged' at graph 0.5, graph 0.5 center noenhanced font size_of(0.95) textcolor rgb '#8a4b00'
plot 'draws.dat' index 37 with lines linewidth 0.8 linecolor rgb '#ced5db' notitle, \
     'draws.dat' index 36 with lines linewidth 0.8 linecolor rgb '#b3bcc5' notitle, \
     'draws.dat' index 35 with lines linewidth 0.8 linecolor rgb '#98a2ad' notitle, \
     'draws.dat' index 34 with lines linewidth 0.8 linecolor rgb '#7d8894' notitle
set xrange [-4.7363:4.7293]
set yrange [-2.9431:3.3481]
set lmargin at screen 0.03000
set rmargin at screen 0.18567
set tmargin at screen 0.16232
set bmargin at screen 0.00602
unset label
set label 'squiggle' at screen 0.01500, screen 0.08417 center rotate by 90 font size_of(1.0) noenhanced
plot 'draws.dat' index 44 with lines linewidth 0.8 linecolor rgb '#ced5db' notitle, \
     'draws.dat' index 43 with lines linewidth 0.8 linecolor rgb '#b3bcc5' notitle, \
     'draws.dat' index 42 with lines linewidth 0.8 linecolor rgb '#98a2ad' notitle, \
     'draws.dat' index 41 with lines linewidth 0.8 linecolor rgb '#7d8894' notitle, \
     'draws.dat' index 45 using 1:2:(0.0182):(0) with vectors nohead linewidth 2.1 linecolor rgb '#70333333' notitle
set lmargin at screen 0.19167
set rmargin at screen 0.34733
set tmargin at screen 0.16232
set bmargin at screen 0.00602
unset label
plot 'draws.dat' index 44 with lines linewidth 0.8 linecolor rgb '#ced5db' notitle, \
     'draws.dat' index 43 with lines linewidth 0.8 linecolor rgb '#b3bcc5' notitle, \
     'draws.dat' index 42 with lines linewidth 0.8 linecolor rgb '#98a2ad' notitle, \
     'draws.dat' index 41 with lines linewidth 0.8 linecolor rgb '#7d8894' notitle, \
     'draws.dat' index 46 using 1:2:(0.0182):(0) with vectors nohead linewidth 2.1 linecolor rgb '#600072B2' notitle
set lmargin at screen 0.35333
set rmargin at screen 0.50900
set tmargin at screen 0.16232
set bmargin at screen 0.00602
unset label
set label '100 % outside' at graph 0.97, graph 0.06 right noenhanced font size_of(0.75) textcolor rgb '#8a4b00' front
plot 'draws.dat' index 44 with lines linewidth 0.8 linecolor rgb '#ced5db' notitle, \
     'draws.dat' index 43 with lines linewidth 0.8 linecolor rgb '#b3bcc5' notitle, \
     'draws.dat' index 42 with lines linewidth 0.8 linecolor rgb '#98a2ad' notitle, \
     'draws.dat' index 41 with lines linewidth 0.8 linecolor rgb '#7d8894' notitle
set lmargin at screen 0.51500
set rmargin at screen 0.67067
set tmargin at screen 0.16232
set bmargin at screen 0.00602
unset label
set label '13 % outside' at graph 0.97, graph 0.06 right noenhanced font size_of(0.75) textcolor rgb '#8a4b00' front
plot 'draws.dat' index 44 with lines linewidth 0.8 linecolor rgb '#ced5db' notitle, \
     'draws.dat' index 43 with lines linewidth 0.8 linecolor rgb '#b3bcc5' notitle, \
     'draws.dat' index 42 with lines linewidth 0.8 linecolor rgb '#98a2ad' notitle, \
     'draws.dat' index 41 with lines linewidth 0.8 linecolor rgb '#7d8894' notitle, \
     'draws.dat' index 47 using 1:2:(0.0182):(0) with vectors nohead linewidth 2.1 linecolor rgb '#600072B2' notitle
set lmargin at screen 0.67667
set rmargin at screen 0.83233
set tmargin at screen 0.16232
set bmargin at screen 0.00602
unset label
set label '39 % outside' at graph 0.97, graph 0.06 right noenhanced font size_of(0.75) textcolor rgb '#8a4b00' front
plot 'draws.dat' index 44 with lines linewidth 0.8 linecolor rgb '#ced5db' notitle, \
     'draws.dat' index 43 with lines linewidth 0.8 linecolor rgb '#b3bcc5' notitle, \
     'draws.dat' index 42 with lines linewidth 0.8 linecolor rgb '#98a2ad' notitle, \
     'draws.dat' index 41 with lines linewidth 0.8 linecolor rgb '#7d8894' notitle, \
     'draws.dat' index 48 using 1:2:(0.0182):(0) with vectors nohead linewidth 2.1 linecolor rgb '#600072B2' notitle
set lmargin at screen 0.83833
set rmargin at screen 0.99400
set tmargin at screen 0.16232
set bmargin at screen 0.00602
unset label
set label '99 % outside' at graph 0.97, graph 0.06 right noenhanced font size_of(0.75) textcolor rgb '#8a4b00' front
plot 'draws.dat' index 44 with lines linewidth 0.8 linecolor rgb '#ced5db' notitle, \
     'draws.dat' index 43 with lines linewidth 0.8 linecolor rgb '#b3bcc5' notitle, \
     'draws.dat' index 42 with lines linewidth 0.8 linecolor rgb '#98a2ad' notitle, \
     'draws.dat' index 41 with lines linewidth 0.8 linecolor rgb '#7d8894' notitle, \
     'draws.dat' index 49 using 1:2:(0.0182):(0) with vectors nohead linewidth 2.1 linecolor rgb '#600072B2' notitle
unset multiplot
