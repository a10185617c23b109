# gnuplot -e "format='svg'" mmd-seconds.gp   (or png, pdf)
if (!exists("format")) format = 'svg'
base = format eq 'svg' ? 12 : 9  # font size: pixels of an SVG, points else
if (format eq 'svg') set terminal svg enhanced rounded size 1000,353 font 'Helvetica,12' background '#ffffff'
if (format eq 'png') set terminal pngcairo enhanced rounded size 1500,530 font 'Helvetica,9' fontscale 1.5 linewidth 1.5 pointscale 1.5 background '#ffffff'
if (format eq 'pdf') set terminal pdfcairo enhanced rounded size 10.417in,3.677in font 'Helvetica,9' fontscale 1
size_of(share) = sprintf(',%.1f', share * base)
set output 'mmd-seconds.'.format
set encoding utf8
set border 3 linewidth 0.8 linecolor rgb '#333333'
set tics nomirror out scale 0.6,0.3 textcolor rgb '#222222'
set title offset 0,-0.6 font size_of(1.08)
set grid xtics ytics linecolor rgb '#e6e6e6' linewidth 0.6 dashtype solid
unset key
set linetype 1 linecolor rgb '#0072B2' linewidth 1.7 dashtype solid pointtype 7 pointsize 0.55
set style line 1 linecolor rgb '#0072B2' linewidth 1.7 dashtype solid pointtype 7 pointsize 0.55
set linetype 2 linecolor rgb '#D55E00' linewidth 1.7 dashtype (16,8) pointtype 5 pointsize 0.55
set style line 2 linecolor rgb '#D55E00' linewidth 1.7 dashtype (16,8) pointtype 5 pointsize 0.55
set linetype 3 linecolor rgb '#009E73' linewidth 1.7 dashtype (5,5) pointtype 9 pointsize 0.55
set style line 3 linecolor rgb '#009E73' linewidth 1.7 dashtype (5,5) pointtype 9 pointsize 0.55
set linetype 4 linecolor rgb '#CC79A7' linewidth 1.7 dashtype (16,6,4,6) pointtype 13 pointsize 0.55
set style line 4 linecolor rgb '#CC79A7' linewidth 1.7 dashtype (16,6,4,6) pointtype 13 pointsize 0.55
set multiplot
set lmargin at screen 0.07400
set rmargin at screen 0.50100
set tmargin at screen 0.91501
set bmargin at screen 0.33428
set xlabel 'training time [s]' noenhanced offset 0,0.3
set ylabel 'mmd' noenhanced
set logscale x
set xrange [0.57701288:46.726025]
set xtics ('' 0.6 1, '' 0.7 1, '' 0.8 1, '' 0.9 1, '1' 1 0, '2' 2 0, '' 3 1, '' 4 1, '5' 5 0, '' 6 1, '' 7 1, '' 8 1, '' 9 1, '10' 10 0, '20' 20 0, '' 30 1, '' 40 1)
unset logscale y
set yrange [-0.39603184:1.285335]
set ytics ('0' 0 0, '10^{−3}' 0.7918642 0)
set title 'donut' noenhanced
set object 1 rectangle from graph 0, graph 0 to graph 1, first 0.38277569 behind fillcolor rgb '#000000' fillstyle solid 0.09 noborder
set arrow 1 from graph 0, first 0.38277569 to graph 1, first 0.38277569 nohead back linecolor rgb '#777777' linewidth 1 dashtype (2,3)
plot 'mmd.dat' index 0 using ($1>0?$1:NaN):(asinh($4/0.000331621)/log(10)):(asinh($5/0.000331621)/log(10)) with filledcurves linecolor rgb '#0072B2' fillstyle transparent solid 0.16 noborder notitle, \
     'mmd.dat' index 1 using ($1>0?$1:NaN):(asinh($4/0.000331621)/log(10)):(asinh($5/0.000331621)/log(10)) with filledcurves linecolor rgb '#D55E00' fillstyle transparent solid 0.16 noborder notitle, \
     'mmd.dat' index 2 using ($1>0?$1:NaN):(asinh($4/0.000331621)/log(10)):(asinh($5/0.000331621)/log(10)) with filledcurves linecolor rgb '#009E73' fillstyle transparent solid 0.16 noborder notitle, \
     'mmd.dat' index 3 using ($1>0?$1:NaN):(asinh($4/0.000331621)/log(10)):(asinh($5/0.000331621)/log(10)) with filledcurves linecolor rgb '#CC79A7' fillstyle transparent solid 0.16 noborder notitle, \
     'mmd.dat' index 0 using ($1>0?$1:NaN):(asinh($3/0.000331621)/log(10)) with linespoints linestyle 1 notitle, \
     'mmd.dat' index 1 using ($1>0?$1:NaN):(asinh($3/0.000331621)/log(10)) with linespoints linestyle 2 notitle, \
     'mmd.dat' index 2 using ($1>0?$1:NaN):(asinh($3/0.000331621)/log(10)) with linespoints linestyle 3 notitle, \
     'mmd.dat' index 3 using ($1>0?$1:NaN):(asinh($3/0.000331621)/log(10)) with linespoints linestyle 4 notitle
unset object 1
unset arrow 1
set lmargin at screen 0.55900
set rmargin at screen 0.98600
set tmargin at screen 0.91501
set bmargin at screen 0.33428
set xlabel 'training time [s]' noenhanced offset 0,0.3
set ylabel '' noenhanced
set logscale x
set xrange [0.5973287:38.87374]
set xtics ('' 0.6 1, '' 0.7 1, '' 0.8 1, '' 0.9 1, '1' 1 0, '2' 2 0, '' 3 1, '' 4 1, '5' 5 0, '' 6 1, '' 7 1, '' 8 1, '' 9 1, '10' 10 0, '20' 20 0, '' 30 1)
unset logscale y
set yrange [-0.14829667:3.052421]
set ytics ('0' 0 0, '' 0.53998085 1, '10^{−2}' 1.5026923 0, '10^{−1}' 2.5022675 0)
set title 'rosenbrock' noenhanced
set object 1 rectangle from graph 0, graph 0 to graph 1, first 0.38277569 behind fillcolor rgb '#000000' fillstyle solid 0.09 noborder
set arrow 1 from graph 0, first 0.38277569 to graph 1, first 0.38277569 nohead back linecolor rgb '#777777' linewidth 1 dashtype (2,3)
plot 'mmd.dat' index 4 using ($1>0?$1:NaN):(asinh($4/0.000629168)/log(10)):(asinh($5/0.000629168)/log(10)) with filledcurves linecolor rgb '#0072B2' fillstyle transparent solid 0.16 noborder notitle, \
     'mmd.dat' index 5 using ($1>0?$1:NaN):(asinh($4/0.000629168)/log(10)):(asinh($5/0.000629168)/log(10)) with filledcurves linecolor rgb '#D55E00' fillstyle transparent solid 0.16 noborder notitle, \
     'mmd.dat' index 6 using ($1>0?$1:NaN):(asinh($4/0.000629168)/log(10)):(asinh($5/0.000629168)/log(10)) with filledcurves linecolor rgb '#009E73' fillstyle transparent solid 0.16 noborder notitle, \
     'mmd.dat' index 7 using ($1>0?$1:NaN):(asinh($4/0.000629168)/log(10)):(asinh($5/0.000629168)/log(10)) with filledcurves linecolor rgb '#CC79A7' fillstyle transparent solid 0.16 noborder notitle, \
     'mmd.dat' index 4 using ($1>0?$1:NaN):(asinh($3/0.000629168)/log(10)) with linespoints linestyle 1 notitle, \
     'mmd.dat' index 5 using ($1>0?$1:NaN):(asinh($3/0.000629168)/log(10)) with linespoints linestyle 2 notitle, \
     'mmd.dat' index 6 using ($1>0?$1:NaN):(asinh($3/0.000629168)/log(10)) with linespoints linestyle 3 notitle, \
     'mmd.dat' index 7 using ($1>0?$1:NaN):(asinh($3/0.000629168)/log(10)) with linespoints linestyle 4 notitle
unset object 1
unset arrow 1
set lmargin at screen 0
set rmargin at screen 1
set tmargin at screen 0.15297
set bmargin at screen 0.01700
unset logscale
unset xtics
unset ytics
unset border
unset title
unset xlabel
unset ylabel
set xrange [0:1]
set yrange [0:1]
set key noenhanced center center horizontal Left reverse samplen 3.2 spacing 1.15 width 1 maxcols 4
plot NaN with linespoints linestyle 1 title 'dft', NaN with linespoints linestyle 2 title 'dft-blur', NaN with linespoints linestyle 3 title 'kl', NaN with linespoints linestyle 4 title 'kl-blur', NaN with filledcurves linecolor rgb '#000000' fillstyle solid 0.13 noborder title 'noise floor (95 %)'
unset multiplot
