# gnuplot -e "format='svg'" images.gp   (or png, pdf)
if (!exists("format")) format = 'svg'
base = format eq 'svg' ? 12 : 9  # font size: pixels of an SVG, points else
if (format eq 'svg') set terminal svg enhanced rounded size 962,1012 font 'Helvetica,12' background '#ffffff'
if (format eq 'png') set terminal pngcairo enhanced rounded size 1924,2024 font 'Helvetica,9' fontscale 2 linewidth 2 pointscale 2 background '#ffffff'
if (format eq 'pdf') set terminal pdfcairo enhanced rounded size 10.021in,10.542in font 'Helvetica,9' fontscale 1
size_of(share) = sprintf(',%.1f', share * base)
set output 'images.'.format
# images.u8: unsigned bytes, a sheet of 298 rows of 298 for every panel with images
set encoding utf8
unset border
unset tics
unset key
unset colorbox
set palette defined (0 '#000000', 1 '#ffffff')
set cbrange [0:255]
set xrange [-0.5:297.5]
set yrange [297.5:-0.5]
set multiplot
set lmargin at screen 0.0103950
set rmargin at screen 0.3201663
set tmargin at screen 0.9644269
set bmargin at screen 0.6699605
unset label
set label 'training images' at screen 0.1652807, screen 0.9772727 center noenhanced font size_of(1.00)
plot 'images.u8' binary array=(298,298) format='%uchar' skip=0 with image notitle
set lmargin at screen 0.3451143
set rmargin at screen 0.6548857
set tmargin at screen 0.9644269
set bmargin at screen 0.6699605
unset label
set label 'annealed-langevin-10' at screen 0.5000000, screen 0.9772727 center noenhanced font size_of(1.00)
plot 'images.u8' binary array=(298,298) format='%uchar' skip=88804 with image notitle
set lmargin at screen 0.6798337
set rmargin at screen 0.9896050
set tmargin at screen 0.9644269
set bmargin at screen 0.6699605
unset label
set label 'annealed-langevin-50' at screen 0.8347193, screen 0.9772727 center noenhanced font size_of(1.00)
plot 'images.u8' binary array=(298,298) format='%uchar' skip=177608 with image notitle
set lmargin at screen 0.0103950
set rmargin at screen 0.3201663
set tmargin at screen 0.6343874
set bmargin at screen 0.3399209
unset label
set label 'annealed-langevin-200' at screen 0.1652807, screen 0.6472332 center noenhanced font size_of(1.00)
plot 'images.u8' binary array=(298,298) format='%uchar' skip=266412 with image notitle
set lmargin at screen 0.3451143
set rmargin at screen 0.6548857
set tmargin at screen 0.6343874
set bmargin at screen 0.3399209
unset label
set label 'annealed-hmc-200' at screen 0.5000000, screen 0.6472332 center noenhanced font size_of(1.00)
plot 'images.u8' binary array=(298,298) format='%uchar' skip=355216 with image notitle
set lmargin at screen 0.6798337
set rmargin at screen 0.9896050
set tmargin at screen 0.6343874
set bmargin at screen 0.3399209
unset label
set label 'svgd' at screen 0.8347193, screen 0.6472332 center noenhanced font size_of(1.00)
plot 'images.u8' binary array=(298,298) format='%uchar' skip=444020 with image notitle
set lmargin at screen 0.0103950
set rmargin at screen 0.3201663
set tmargin at screen 0.3043478
set bmargin at screen 0.0098814
unset label
set label 'dft-images' at screen 0.1652807, screen 0.3171937 center noenhanced font size_of(1.00)
plot 'images.u8' binary array=(298,298) format='%uchar' skip=532824 with image notitle
set lmargin at screen 0.3451143
set rmargin at screen 0.6548857
set tmargin at screen 0.3043478
set bmargin at screen 0.0098814
unset label
set label 'kl-images' at screen 0.5000000, screen 0.3171937 center noenhanced font size_of(1.00)
plot 'images.u8' binary array=(298,298) format='%uchar' skip=621628 with image notitle
set lmargin at screen 0.6798337
set rmargin at screen 0.9896050
set tmargin at screen 0.3043478
set bmargin at screen 0.0098814
unset label
set label 'fisher-images' at screen 0.8347193, screen 0.3171937 center noenhanced font size_of(1.00)
plot 'images.u8' binary array=(298,298) format='%uchar' skip=710432 with image notitle
unset multiplot
