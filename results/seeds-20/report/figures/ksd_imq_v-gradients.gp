# gnuplot -e "format='svg'" ksd_imq_v-gradients.gp   (or png, pdf)
if (!exists("format")) format = 'svg'
base = format eq 'svg' ? 12 : 9  # font size: pixels of an SVG, points else
if (format eq 'svg') set terminal svg enhanced rounded size 1000,618 font 'Helvetica,12' background '#ffffff'
if (format eq 'png') set terminal pngcairo enhanced rounded size 1500,927 font 'Helvetica,9' fontscale 1.5 linewidth 1.5 pointscale 1.5 background '#ffffff'
if (format eq 'pdf') set terminal pdfcairo enhanced rounded size 10.417in,6.438in font 'Helvetica,9' fontscale 1
size_of(share) = sprintf(',%.1f', share * base)
set output 'ksd_imq_v-gradients.'.format
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
set rmargin at screen 0.33933
set tmargin at screen 0.95146
set bmargin at screen 0.61974
set xlabel '' noenhanced offset 0,0.3
set ylabel 'ksd_imq_v' noenhanced
set logscale x
set xrange [26210.454:2520379.4]
set xtics ('' 30000 1, '' 40000 1, '' 50000 1, '' 60000 1, '' 70000 1, '' 80000 1, '' 90000 1, '10^{5}' 100000 0, '' 200000 1, '' 300000 1, '' 400000 1, '' 500000 1, '' 600000 1, '' 700000 1, '' 800000 1, '' 900000 1, '10^{6}' 1000000 0, '' 2000000 1)
set logscale y
set yrange [0.029619727:1.4171321]
set ytics ('' 0.03 1, '' 0.04 1, '0.05' 0.05 0, '' 0.06 1, '' 0.07 1, '' 0.08 1, '' 0.09 1, '0.1' 0.1 0, '0.2' 0.2 0, '' 0.3 1, '' 0.4 1, '0.5' 0.5 0, '' 0.6 1, '' 0.7 1, '' 0.8 1, '' 0.9 1, '1' 1 0)
set title 'gaussian' noenhanced
set object 1 rectangle from graph 0, graph 0 to graph 1, first 0.081116186 behind fillcolor rgb '#000000' fillstyle solid 0.09 noborder
set arrow 1 from graph 0, first 0.081116186 to graph 1, first 0.081116186 nohead back linecolor rgb '#777777' linewidth 1 dashtype (2,3)
plot 'ksd_imq_v.dat' index 0 using ($2>0?$2:NaN):($4):($5) with filledcurves linecolor rgb '#0072B2' fillstyle transparent solid 0.16 noborder notitle, \
     'ksd_imq_v.dat' index 1 using ($2>0?$2:NaN):($4):($5) with filledcurves linecolor rgb '#D55E00' fillstyle transparent solid 0.16 noborder notitle, \
     'ksd_imq_v.dat' index 2 using ($2>0?$2:NaN):($4):($5) with filledcurves linecolor rgb '#009E73' fillstyle transparent solid 0.16 noborder notitle, \
     'ksd_imq_v.dat' index 3 using ($2>0?$2:NaN):($4):($5) with filledcurves linecolor rgb '#CC79A7' fillstyle transparent solid 0.16 noborder notitle, \
     'ksd_imq_v.dat' index 0 using ($2>0?$2:NaN):($3) with linespoints linestyle 1 notitle, \
     'ksd_imq_v.dat' index 1 using ($2>0?$2:NaN):($3) with linespoints linestyle 2 notitle, \
     'ksd_imq_v.dat' index 2 using ($2>0?$2:NaN):($3) with linespoints linestyle 3 notitle, \
     'ksd_imq_v.dat' index 3 using ($2>0?$2:NaN):($3) with linespoints linestyle 4 notitle
unset object 1
unset arrow 1
set lmargin at screen 0.39733
set rmargin at screen 0.66267
set tmargin at screen 0.95146
set bmargin at screen 0.61974
set xlabel '' noenhanced offset 0,0.3
set ylabel '' noenhanced
set logscale x
set xrange [26210.454:2520379.4]
set xtics ('' 30000 1, '' 40000 1, '' 50000 1, '' 60000 1, '' 70000 1, '' 80000 1, '' 90000 1, '10^{5}' 100000 0, '' 200000 1, '' 300000 1, '' 400000 1, '' 500000 1, '' 600000 1, '' 700000 1, '' 800000 1, '' 900000 1, '10^{6}' 1000000 0, '' 2000000 1)
set logscale y
set yrange [0.033968531:1.1406938]
set ytics ('' 0.04 1, '0.05' 0.05 0, '' 0.06 1, '' 0.07 1, '' 0.08 1, '' 0.09 1, '0.1' 0.1 0, '0.2' 0.2 0, '' 0.3 1, '' 0.4 1, '0.5' 0.5 0, '' 0.6 1, '' 0.7 1, '' 0.8 1, '' 0.9 1, '1' 1 0)
set title 'mog2' noenhanced
set object 1 rectangle from graph 0, graph 0 to graph 1, first 0.070659132 behind fillcolor rgb '#000000' fillstyle solid 0.09 noborder
set arrow 1 from graph 0, first 0.070659132 to graph 1, first 0.070659132 nohead back linecolor rgb '#777777' linewidth 1 dashtype (2,3)
plot 'ksd_imq_v.dat' index 4 using ($2>0?$2:NaN):($4):($5) with filledcurves linecolor rgb '#0072B2' fillstyle transparent solid 0.16 noborder notitle, \
     'ksd_imq_v.dat' index 5 using ($2>0?$2:NaN):($4):($5) with filledcurves linecolor rgb '#D55E00' fillstyle transparent solid 0.16 noborder notitle, \
     'ksd_imq_v.dat' index 6 using ($2>0?$2:NaN):($4):($5) with filledcurves linecolor rgb '#009E73' fillstyle transparent solid 0.16 noborder notitle, \
     'ksd_imq_v.dat' index 7 using ($2>0?$2:NaN):($4):($5) with filledcurves linecolor rgb '#CC79A7' fillstyle transparent solid 0.16 noborder notitle, \
     'ksd_imq_v.dat' index 4 using ($2>0?$2:NaN):($3) with linespoints linestyle 1 notitle, \
     'ksd_imq_v.dat' index 5 using ($2>0?$2:NaN):($3) with linespoints linestyle 2 notitle, \
     'ksd_imq_v.dat' index 6 using ($2>0?$2:NaN):($3) with linespoints linestyle 3 notitle, \
     'ksd_imq_v.dat' index 7 using ($2>0?$2:NaN):($3) with linespoints linestyle 4 notitle
unset object 1
unset arrow 1
set lmargin at screen 0.72067
set rmargin at screen 0.98600
set tmargin at screen 0.95146
set bmargin at screen 0.61974
set xlabel '' noenhanced offset 0,0.3
set ylabel '' noenhanced
set logscale x
set xrange [20862.242:3.03984e+08]
set xtics ('' 30000 1, '' 40000 1, '' 50000 1, '' 60000 1, '' 70000 1, '' 80000 1, '' 90000 1, '10^{5}' 100000 0, '' 200000 1, '' 300000 1, '' 400000 1, '' 500000 1, '' 600000 1, '' 700000 1, '' 800000 1, '' 900000 1, '10^{6}' 1000000 0, '' 2000000 1, '' 3000000 1, '' 4000000 1, '' 5000000 1, '' 6000000 1, '' 7000000 1, '' 8000000 1, '' 9000000 1, '10^{7}' 10000000 0, '' 20000000 1, '' 30000000 1, '' 40000000 1, '' 50000000 1, '' 60000000 1, '' 70000000 1, '' 80000000 1, '' 90000000 1, '10^{8}' 1e+08 0, '' 2e+08 1, '' 3e+08 1)
set logscale y
set yrange [0.079723468:5.0373921]
set ytics ('' 0.08 1, '' 0.09 1, '0.1' 0.1 0, '0.2' 0.2 0, '' 0.3 1, '' 0.4 1, '0.5' 0.5 0, '' 0.6 1, '' 0.7 1, '' 0.8 1, '' 0.9 1, '1' 1 0, '2' 2 0, '' 3 1, '' 4 1, '5' 5 0)
set title 'rosenbrock' noenhanced
set object 1 rectangle from graph 0, graph 0 to graph 1, first 0.30261823 behind fillcolor rgb '#000000' fillstyle solid 0.09 noborder
set arrow 1 from graph 0, first 0.30261823 to graph 1, first 0.30261823 nohead back linecolor rgb '#777777' linewidth 1 dashtype (2,3)
plot 'ksd_imq_v.dat' index 8 using ($2>0?$2:NaN):($4):($5) with filledcurves linecolor rgb '#0072B2' fillstyle transparent solid 0.16 noborder notitle, \
     'ksd_imq_v.dat' index 9 using ($2>0?$2:NaN):($4):($5) with filledcurves linecolor rgb '#D55E00' fillstyle transparent solid 0.16 noborder notitle, \
     'ksd_imq_v.dat' index 10 using ($2>0?$2:NaN):($4):($5) with filledcurves linecolor rgb '#009E73' fillstyle transparent solid 0.16 noborder notitle, \
     'ksd_imq_v.dat' index 11 using ($2>0?$2:NaN):($4):($5) with filledcurves linecolor rgb '#CC79A7' fillstyle transparent solid 0.16 noborder notitle, \
     'ksd_imq_v.dat' index 8 using ($2>0?$2:NaN):($3) with linespoints linestyle 1 notitle, \
     'ksd_imq_v.dat' index 9 using ($2>0?$2:NaN):($3) with linespoints linestyle 2 notitle, \
     'ksd_imq_v.dat' index 10 using ($2>0?$2:NaN):($3) with linespoints linestyle 3 notitle, \
     'ksd_imq_v.dat' index 11 using ($2>0?$2:NaN):($3) with linespoints linestyle 4 notitle
unset object 1
unset arrow 1
set lmargin at screen 0.07400
set rmargin at screen 0.33933
set tmargin at screen 0.52265
set bmargin at screen 0.19094
set xlabel 'gradients in training' noenhanced offset 0,0.3
set ylabel 'ksd_imq_v' noenhanced
set logscale x
set xrange [20862.242:3.03984e+08]
set xtics ('' 30000 1, '' 40000 1, '' 50000 1, '' 60000 1, '' 70000 1, '' 80000 1, '' 90000 1, '10^{5}' 100000 0, '' 200000 1, '' 300000 1, '' 400000 1, '' 500000 1, '' 600000 1, '' 700000 1, '' 800000 1, '' 900000 1, '10^{6}' 1000000 0, '' 2000000 1, '' 3000000 1, '' 4000000 1, '' 5000000 1, '' 6000000 1, '' 7000000 1, '' 8000000 1, '' 9000000 1, '10^{7}' 10000000 0, '' 20000000 1, '' 30000000 1, '' 40000000 1, '' 50000000 1, '' 60000000 1, '' 70000000 1, '' 80000000 1, '' 90000000 1, '10^{8}' 1e+08 0, '' 2e+08 1, '' 3e+08 1)
set logscale y
set yrange [0.090988369:8.2972639]
set ytics ('0.1' 0.1 0, '0.2' 0.2 0, '' 0.3 1, '' 0.4 1, '0.5' 0.5 0, '' 0.6 1, '' 0.7 1, '' 0.8 1, '' 0.9 1, '1' 1 0, '2' 2 0, '' 3 1, '' 4 1, '5' 5 0, '' 6 1, '' 7 1, '' 8 1)
set title 'donut' noenhanced
set object 1 rectangle from graph 0, graph 0 to graph 1, first 0.25554626 behind fillcolor rgb '#000000' fillstyle solid 0.09 noborder
set arrow 1 from graph 0, first 0.25554626 to graph 1, first 0.25554626 nohead back linecolor rgb '#777777' linewidth 1 dashtype (2,3)
plot 'ksd_imq_v.dat' index 12 using ($2>0?$2:NaN):($4):($5) with filledcurves linecolor rgb '#0072B2' fillstyle transparent solid 0.16 noborder notitle, \
     'ksd_imq_v.dat' index 13 using ($2>0?$2:NaN):($4):($5) with filledcurves linecolor rgb '#D55E00' fillstyle transparent solid 0.16 noborder notitle, \
     'ksd_imq_v.dat' index 14 using ($2>0?$2:NaN):($4):($5) with filledcurves linecolor rgb '#009E73' fillstyle transparent solid 0.16 noborder notitle, \
     'ksd_imq_v.dat' index 15 using ($2>0?$2:NaN):($4):($5) with filledcurves linecolor rgb '#CC79A7' fillstyle transparent solid 0.16 noborder notitle, \
     'ksd_imq_v.dat' index 12 using ($2>0?$2:NaN):($3) with linespoints linestyle 1 notitle, \
     'ksd_imq_v.dat' index 13 using ($2>0?$2:NaN):($3) with linespoints linestyle 2 notitle, \
     'ksd_imq_v.dat' index 14 using ($2>0?$2:NaN):($3) with linespoints linestyle 3 notitle, \
     'ksd_imq_v.dat' index 15 using ($2>0?$2:NaN):($3) with linespoints linestyle 4 notitle
unset object 1
unset arrow 1
set lmargin at screen 0.39733
set rmargin at screen 0.66267
set tmargin at screen 0.52265
set bmargin at screen 0.19094
set xlabel 'gradients in training' noenhanced offset 0,0.3
set ylabel '' noenhanced
set logscale x
set xrange [20862.242:3.03984e+08]
set xtics ('' 30000 1, '' 40000 1, '' 50000 1, '' 60000 1, '' 70000 1, '' 80000 1, '' 90000 1, '10^{5}' 100000 0, '' 200000 1, '' 300000 1, '' 400000 1, '' 500000 1, '' 600000 1, '' 700000 1, '' 800000 1, '' 900000 1, '10^{6}' 1000000 0, '' 2000000 1, '' 3000000 1, '' 4000000 1, '' 5000000 1, '' 6000000 1, '' 7000000 1, '' 8000000 1, '' 9000000 1, '10^{7}' 10000000 0, '' 20000000 1, '' 30000000 1, '' 40000000 1, '' 50000000 1, '' 60000000 1, '' 70000000 1, '' 80000000 1, '' 90000000 1, '10^{8}' 1e+08 0, '' 2e+08 1, '' 3e+08 1)
set logscale y
set yrange [0.040171683:353.48351]
set ytics ('' 0.05 1, '' 0.06 1, '' 0.07 1, '' 0.08 1, '' 0.09 1, '10^{−1}' 0.1 0, '' 0.2 1, '' 0.3 1, '' 0.4 1, '' 0.5 1, '' 0.6 1, '' 0.7 1, '' 0.8 1, '' 0.9 1, '1' 1 0, '' 2 1, '' 3 1, '' 4 1, '' 5 1, '' 6 1, '' 7 1, '' 8 1, '' 9 1, '10' 10 0, '' 20 1, '' 30 1, '' 40 1, '' 50 1, '' 60 1, '' 70 1, '' 80 1, '' 90 1, '10^{2}' 100 0, '' 200 1, '' 300 1)
set title 'funnel' noenhanced
set object 1 rectangle from graph 0, graph 0 to graph 1, first 0.3299307 behind fillcolor rgb '#000000' fillstyle solid 0.09 noborder
set arrow 1 from graph 0, first 0.3299307 to graph 1, first 0.3299307 nohead back linecolor rgb '#777777' linewidth 1 dashtype (2,3)
plot 'ksd_imq_v.dat' index 16 using ($2>0?$2:NaN):($4):($5) with filledcurves linecolor rgb '#0072B2' fillstyle transparent solid 0.16 noborder notitle, \
     'ksd_imq_v.dat' index 17 using ($2>0?$2:NaN):($4):($5) with filledcurves linecolor rgb '#D55E00' fillstyle transparent solid 0.16 noborder notitle, \
     'ksd_imq_v.dat' index 18 using ($2>0?$2:NaN):($4):($5) with filledcurves linecolor rgb '#009E73' fillstyle transparent solid 0.16 noborder notitle, \
     'ksd_imq_v.dat' index 19 using ($2>0?$2:NaN):($4):($5) with filledcurves linecolor rgb '#CC79A7' fillstyle transparent solid 0.16 noborder notitle, \
     'ksd_imq_v.dat' index 16 using ($2>0?$2:NaN):($3) with linespoints linestyle 1 notitle, \
     'ksd_imq_v.dat' index 17 using ($2>0?$2:NaN):($3) with linespoints linestyle 2 notitle, \
     'ksd_imq_v.dat' index 18 using ($2>0?$2:NaN):($3) with linespoints linestyle 3 notitle, \
     'ksd_imq_v.dat' index 19 using ($2>0?$2:NaN):($3) with linespoints linestyle 4 notitle
unset object 1
unset arrow 1
set lmargin at screen 0.72067
set rmargin at screen 0.98600
set tmargin at screen 0.52265
set bmargin at screen 0.19094
set xlabel 'gradients in training' noenhanced offset 0,0.3
set ylabel '' noenhanced
set logscale x
set xrange [20862.242:3.03984e+08]
set xtics ('' 30000 1, '' 40000 1, '' 50000 1, '' 60000 1, '' 70000 1, '' 80000 1, '' 90000 1, '10^{5}' 100000 0, '' 200000 1, '' 300000 1, '' 400000 1, '' 500000 1, '' 600000 1, '' 700000 1, '' 800000 1, '' 900000 1, '10^{6}' 1000000 0, '' 2000000 1, '' 3000000 1, '' 4000000 1, '' 5000000 1, '' 6000000 1, '' 7000000 1, '' 8000000 1, '' 9000000 1, '10^{7}' 10000000 0, '' 20000000 1, '' 30000000 1, '' 40000000 1, '' 50000000 1, '' 60000000 1, '' 70000000 1, '' 80000000 1, '' 90000000 1, '10^{8}' 1e+08 0, '' 2e+08 1, '' 3e+08 1)
set logscale y
set yrange [0.081901636:1.2011192]
set ytics ('' 0.09 1, '0.1' 0.1 0, '0.2' 0.2 0, '' 0.3 1, '' 0.4 1, '0.5' 0.5 0, '' 0.6 1, '' 0.7 1, '' 0.8 1, '' 0.9 1, '1' 1 0)
set title 'squiggle' noenhanced
set object 1 rectangle from graph 0, graph 0 to graph 1, first 0.18824958 behind fillcolor rgb '#000000' fillstyle solid 0.09 noborder
set arrow 1 from graph 0, first 0.18824958 to graph 1, first 0.18824958 nohead back linecolor rgb '#777777' linewidth 1 dashtype (2,3)
plot 'ksd_imq_v.dat' index 20 using ($2>0?$2:NaN):($4):($5) with filledcurves linecolor rgb '#0072B2' fillstyle transparent solid 0.16 noborder notitle, \
     'ksd_imq_v.dat' index 21 using ($2>0?$2:NaN):($4):($5) with filledcurves linecolor rgb '#D55E00' fillstyle transparent solid 0.16 noborder notitle, \
     'ksd_imq_v.dat' index 22 using ($2>0?$2:NaN):($4):($5) with filledcurves linecolor rgb '#009E73' fillstyle transparent solid 0.16 noborder notitle, \
     'ksd_imq_v.dat' index 23 using ($2>0?$2:NaN):($4):($5) with filledcurves linecolor rgb '#CC79A7' fillstyle transparent solid 0.16 noborder notitle, \
     'ksd_imq_v.dat' index 20 using ($2>0?$2:NaN):($3) with linespoints linestyle 1 notitle, \
     'ksd_imq_v.dat' index 21 using ($2>0?$2:NaN):($3) with linespoints linestyle 2 notitle, \
     'ksd_imq_v.dat' index 22 using ($2>0?$2:NaN):($3) with linespoints linestyle 3 notitle, \
     'ksd_imq_v.dat' index 23 using ($2>0?$2:NaN):($3) with linespoints linestyle 4 notitle
unset object 1
unset arrow 1
set lmargin at screen 0
set rmargin at screen 1
set tmargin at screen 0.08738
set bmargin at screen 0.00971
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
plot NaN with linespoints linestyle 1 title 'dft', NaN with linespoints linestyle 2 title 'dft-blur', NaN with linespoints linestyle 3 title 'kl', NaN with linespoints linestyle 4 title 'coupling-flow', NaN with filledcurves linecolor rgb '#000000' fillstyle solid 0.13 noborder title 'noise floor (95 %)'
unset multiplot
