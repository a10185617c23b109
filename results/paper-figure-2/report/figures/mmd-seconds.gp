# gnuplot -e "format='svg'" mmd-seconds.gp   (or png, pdf)
if (!exists("format")) format = 'svg'
base = format eq 'svg' ? 12 : 9  # font size: pixels of an SVG, points else
if (format eq 'svg') set terminal svg enhanced rounded size 1000,618 font 'Helvetica,12' background '#ffffff'
if (format eq 'png') set terminal pngcairo enhanced rounded size 1500,927 font 'Helvetica,9' fontscale 1.5 linewidth 1.5 pointscale 1.5 background '#ffffff'
if (format eq 'pdf') set terminal pdfcairo enhanced rounded size 10.417in,6.438in font 'Helvetica,9' fontscale 1
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
set linetype 5 linecolor rgb '#E69F00' linewidth 1.7 dashtype (28,8) pointtype 11 pointsize 0.55
set style line 5 linecolor rgb '#E69F00' linewidth 1.7 dashtype (28,8) pointtype 11 pointsize 0.55
set multiplot
set lmargin at screen 0.07400
set rmargin at screen 0.33933
set tmargin at screen 0.95146
set bmargin at screen 0.61974
set xlabel '' noenhanced offset 0,0.3
set ylabel 'mmd' noenhanced
set logscale x
set xrange [0.012679955:24.515548]
set xtics ('' 0.02 1, '' 0.03 1, '' 0.04 1, '' 0.05 1, '' 0.06 1, '' 0.07 1, '' 0.08 1, '' 0.09 1, '10^{−1}' 0.1 0, '' 0.2 1, '' 0.3 1, '' 0.4 1, '' 0.5 1, '' 0.6 1, '' 0.7 1, '' 0.8 1, '' 0.9 1, '1' 1 0, '' 2 1, '' 3 1, '' 4 1, '' 5 1, '' 6 1, '' 7 1, '' 8 1, '' 9 1, '10' 10 0, '' 20 1)
unset logscale y
set yrange [-0.40877955:4.0877641]
set ytics ('0' 0 0, '10^{−3}' 0.74106357 0, '10^{−2}' 1.7266648 0, '10^{−1}' 2.7265134 0, '1' 3.7265119 0)
set title 'gaussian' noenhanced
set object 1 rectangle from graph 0, graph 0 to graph 1, first 0.38277569 behind fillcolor rgb '#000000' fillstyle solid 0.09 noborder
set arrow 1 from graph 0, first 0.38277569 to graph 1, first 0.38277569 nohead back linecolor rgb '#777777' linewidth 1 dashtype (2,3)
plot 'mmd.dat' index 0 using ($1>0?$1:NaN):(asinh($4/0.000375421)/log(10)):(asinh($5/0.000375421)/log(10)) with filledcurves linecolor rgb '#0072B2' fillstyle transparent solid 0.16 noborder notitle, \
     'mmd.dat' index 1 using ($1>0?$1:NaN):(asinh($4/0.000375421)/log(10)):(asinh($5/0.000375421)/log(10)) with filledcurves linecolor rgb '#D55E00' fillstyle transparent solid 0.16 noborder notitle, \
     'mmd.dat' index 2 using ($1>0?$1:NaN):(asinh($4/0.000375421)/log(10)):(asinh($5/0.000375421)/log(10)) with filledcurves linecolor rgb '#009E73' fillstyle transparent solid 0.16 noborder notitle, \
     'mmd.dat' index 3 using ($1>0?$1:NaN):(asinh($4/0.000375421)/log(10)):(asinh($5/0.000375421)/log(10)) with filledcurves linecolor rgb '#CC79A7' fillstyle transparent solid 0.16 noborder notitle, \
     'mmd.dat' index 4 using ($1>0?$1:NaN):(asinh($4/0.000375421)/log(10)):(asinh($5/0.000375421)/log(10)) with filledcurves linecolor rgb '#E69F00' fillstyle transparent solid 0.16 noborder notitle, \
     'mmd.dat' index 0 using ($1>0?$1:NaN):(asinh($3/0.000375421)/log(10)) with linespoints linestyle 1 notitle, \
     'mmd.dat' index 1 using ($1>0?$1:NaN):(asinh($3/0.000375421)/log(10)) with linespoints linestyle 2 notitle, \
     'mmd.dat' index 2 using ($1>0?$1:NaN):(asinh($3/0.000375421)/log(10)) with linespoints linestyle 3 notitle, \
     'mmd.dat' index 3 using ($1>0?$1:NaN):(asinh($3/0.000375421)/log(10)) with linespoints linestyle 4 notitle, \
     'mmd.dat' index 4 using ($1>0?$1:NaN):(asinh($3/0.000375421)/log(10)) with linespoints linestyle 5 notitle
unset object 1
unset arrow 1
set lmargin at screen 0.39733
set rmargin at screen 0.66267
set tmargin at screen 0.95146
set bmargin at screen 0.61974
set xlabel '' noenhanced offset 0,0.3
set ylabel '' noenhanced
set logscale x
set xrange [0.011192974:25.538078]
set xtics ('' 0.02 1, '' 0.03 1, '' 0.04 1, '' 0.05 1, '' 0.06 1, '' 0.07 1, '' 0.08 1, '' 0.09 1, '10^{−1}' 0.1 0, '' 0.2 1, '' 0.3 1, '' 0.4 1, '' 0.5 1, '' 0.6 1, '' 0.7 1, '' 0.8 1, '' 0.9 1, '1' 1 0, '' 2 1, '' 3 1, '' 4 1, '' 5 1, '' 6 1, '' 7 1, '' 8 1, '' 9 1, '10' 10 0, '' 20 1)
set logscale y
set yrange [0.0001522506:2.2378661]
set ytics ('' 0.0002 1, '' 0.0003 1, '' 0.0004 1, '' 0.0005 1, '' 0.0006 1, '' 0.0007 1, '' 0.0008 1, '' 0.0009 1, '10^{−3}' 0.001 0, '' 0.002 1, '' 0.003 1, '' 0.004 1, '' 0.005 1, '' 0.006 1, '' 0.007 1, '' 0.008 1, '' 0.009 1, '10^{−2}' 0.01 0, '' 0.02 1, '' 0.03 1, '' 0.04 1, '' 0.05 1, '' 0.06 1, '' 0.07 1, '' 0.08 1, '' 0.09 1, '10^{−1}' 0.1 0, '' 0.2 1, '' 0.3 1, '' 0.4 1, '' 0.5 1, '' 0.6 1, '' 0.7 1, '' 0.8 1, '' 0.9 1, '1' 1 0, '' 2 1)
set title 'mog2' noenhanced
set object 1 rectangle from graph 0, graph 0 to graph 1, first 0.00059579991 behind fillcolor rgb '#000000' fillstyle solid 0.09 noborder
set arrow 1 from graph 0, first 0.00059579991 to graph 1, first 0.00059579991 nohead back linecolor rgb '#777777' linewidth 1 dashtype (2,3)
plot 'mmd.dat' index 5 using ($1>0?$1:NaN):($4):($5) with filledcurves linecolor rgb '#0072B2' fillstyle transparent solid 0.16 noborder notitle, \
     'mmd.dat' index 6 using ($1>0?$1:NaN):($4):($5) with filledcurves linecolor rgb '#D55E00' fillstyle transparent solid 0.16 noborder notitle, \
     'mmd.dat' index 7 using ($1>0?$1:NaN):($4):($5) with filledcurves linecolor rgb '#009E73' fillstyle transparent solid 0.16 noborder notitle, \
     'mmd.dat' index 8 using ($1>0?$1:NaN):($4):($5) with filledcurves linecolor rgb '#CC79A7' fillstyle transparent solid 0.16 noborder notitle, \
     'mmd.dat' index 9 using ($1>0?$1:NaN):($4):($5) with filledcurves linecolor rgb '#E69F00' fillstyle transparent solid 0.16 noborder notitle, \
     'mmd.dat' index 5 using ($1>0?$1:NaN):($3) with linespoints linestyle 1 notitle, \
     'mmd.dat' index 6 using ($1>0?$1:NaN):($3) with linespoints linestyle 2 notitle, \
     'mmd.dat' index 7 using ($1>0?$1:NaN):($3) with linespoints linestyle 3 notitle, \
     'mmd.dat' index 8 using ($1>0?$1:NaN):($3) with linespoints linestyle 4 notitle, \
     'mmd.dat' index 9 using ($1>0?$1:NaN):($3) with linespoints linestyle 5 notitle
unset object 1
unset arrow 1
set lmargin at screen 0.72067
set rmargin at screen 0.98600
set tmargin at screen 0.95146
set bmargin at screen 0.61974
set xlabel '' noenhanced offset 0,0.3
set ylabel '' noenhanced
set logscale x
set xrange [0.013145265:26.881631]
set xtics ('' 0.02 1, '' 0.03 1, '' 0.04 1, '' 0.05 1, '' 0.06 1, '' 0.07 1, '' 0.08 1, '' 0.09 1, '10^{−1}' 0.1 0, '' 0.2 1, '' 0.3 1, '' 0.4 1, '' 0.5 1, '' 0.6 1, '' 0.7 1, '' 0.8 1, '' 0.9 1, '1' 1 0, '' 2 1, '' 3 1, '' 4 1, '' 5 1, '' 6 1, '' 7 1, '' 8 1, '' 9 1, '10' 10 0, '' 20 1)
set logscale y
set yrange [0.00043332994:1.5837164]
set ytics ('' 0.0005 1, '' 0.0006 1, '' 0.0007 1, '' 0.0008 1, '' 0.0009 1, '10^{−3}' 0.001 0, '' 0.002 1, '' 0.003 1, '' 0.004 1, '' 0.005 1, '' 0.006 1, '' 0.007 1, '' 0.008 1, '' 0.009 1, '10^{−2}' 0.01 0, '' 0.02 1, '' 0.03 1, '' 0.04 1, '' 0.05 1, '' 0.06 1, '' 0.07 1, '' 0.08 1, '' 0.09 1, '10^{−1}' 0.1 0, '' 0.2 1, '' 0.3 1, '' 0.4 1, '' 0.5 1, '' 0.6 1, '' 0.7 1, '' 0.8 1, '' 0.9 1, '1' 1 0)
set title 'rosenbrock' noenhanced
set object 1 rectangle from graph 0, graph 0 to graph 1, first 0.00062916828 behind fillcolor rgb '#000000' fillstyle solid 0.09 noborder
set arrow 1 from graph 0, first 0.00062916828 to graph 1, first 0.00062916828 nohead back linecolor rgb '#777777' linewidth 1 dashtype (2,3)
plot 'mmd.dat' index 10 using ($1>0?$1:NaN):($4):($5) with filledcurves linecolor rgb '#0072B2' fillstyle transparent solid 0.16 noborder notitle, \
     'mmd.dat' index 11 using ($1>0?$1:NaN):($4):($5) with filledcurves linecolor rgb '#D55E00' fillstyle transparent solid 0.16 noborder notitle, \
     'mmd.dat' index 12 using ($1>0?$1:NaN):($4):($5) with filledcurves linecolor rgb '#009E73' fillstyle transparent solid 0.16 noborder notitle, \
     'mmd.dat' index 13 using ($1>0?$1:NaN):($4):($5) with filledcurves linecolor rgb '#CC79A7' fillstyle transparent solid 0.16 noborder notitle, \
     'mmd.dat' index 14 using ($1>0?$1:NaN):($4):($5) with filledcurves linecolor rgb '#E69F00' fillstyle transparent solid 0.16 noborder notitle, \
     'mmd.dat' index 10 using ($1>0?$1:NaN):($3) with linespoints linestyle 1 notitle, \
     'mmd.dat' index 11 using ($1>0?$1:NaN):($3) with linespoints linestyle 2 notitle, \
     'mmd.dat' index 12 using ($1>0?$1:NaN):($3) with linespoints linestyle 3 notitle, \
     'mmd.dat' index 13 using ($1>0?$1:NaN):($3) with linespoints linestyle 4 notitle, \
     'mmd.dat' index 14 using ($1>0?$1:NaN):($3) with linespoints linestyle 5 notitle, \
     'mmd.dat' index 14 every ::6 using ($1>0?$1:NaN):($3) with points pointtype 2 pointsize 1.1 linewidth 2 linecolor rgb '#E69F00' notitle
unset object 1
unset arrow 1
set lmargin at screen 0.07400
set rmargin at screen 0.33933
set tmargin at screen 0.52265
set bmargin at screen 0.19094
set xlabel 'training time [s]' noenhanced offset 0,0.3
set ylabel 'mmd' noenhanced
set logscale x
set xrange [0.010804024:36.673263]
set xtics ('' 0.02 1, '' 0.03 1, '' 0.04 1, '' 0.05 1, '' 0.06 1, '' 0.07 1, '' 0.08 1, '' 0.09 1, '10^{−1}' 0.1 0, '' 0.2 1, '' 0.3 1, '' 0.4 1, '' 0.5 1, '' 0.6 1, '' 0.7 1, '' 0.8 1, '' 0.9 1, '1' 1 0, '' 2 1, '' 3 1, '' 4 1, '' 5 1, '' 6 1, '' 7 1, '' 8 1, '' 9 1, '10' 10 0, '' 20 1, '' 30 1)
set logscale y
set yrange [0.00020341693:0.91086751]
set ytics ('' 0.0003 1, '' 0.0004 1, '' 0.0005 1, '' 0.0006 1, '' 0.0007 1, '' 0.0008 1, '' 0.0009 1, '10^{−3}' 0.001 0, '' 0.002 1, '' 0.003 1, '' 0.004 1, '' 0.005 1, '' 0.006 1, '' 0.007 1, '' 0.008 1, '' 0.009 1, '10^{−2}' 0.01 0, '' 0.02 1, '' 0.03 1, '' 0.04 1, '' 0.05 1, '' 0.06 1, '' 0.07 1, '' 0.08 1, '' 0.09 1, '10^{−1}' 0.1 0, '' 0.2 1, '' 0.3 1, '' 0.4 1, '' 0.5 1, '' 0.6 1, '' 0.7 1, '' 0.8 1, '' 0.9 1)
set title 'donut' noenhanced
set object 1 rectangle from graph 0, graph 0 to graph 1, first 0.00033162063 behind fillcolor rgb '#000000' fillstyle solid 0.09 noborder
set arrow 1 from graph 0, first 0.00033162063 to graph 1, first 0.00033162063 nohead back linecolor rgb '#777777' linewidth 1 dashtype (2,3)
plot 'mmd.dat' index 15 using ($1>0?$1:NaN):($4):($5) with filledcurves linecolor rgb '#0072B2' fillstyle transparent solid 0.16 noborder notitle, \
     'mmd.dat' index 16 using ($1>0?$1:NaN):($4):($5) with filledcurves linecolor rgb '#D55E00' fillstyle transparent solid 0.16 noborder notitle, \
     'mmd.dat' index 17 using ($1>0?$1:NaN):($4):($5) with filledcurves linecolor rgb '#009E73' fillstyle transparent solid 0.16 noborder notitle, \
     'mmd.dat' index 18 using ($1>0?$1:NaN):($4):($5) with filledcurves linecolor rgb '#CC79A7' fillstyle transparent solid 0.16 noborder notitle, \
     'mmd.dat' index 19 using ($1>0?$1:NaN):($4):($5) with filledcurves linecolor rgb '#E69F00' fillstyle transparent solid 0.16 noborder notitle, \
     'mmd.dat' index 15 using ($1>0?$1:NaN):($3) with linespoints linestyle 1 notitle, \
     'mmd.dat' index 16 using ($1>0?$1:NaN):($3) with linespoints linestyle 2 notitle, \
     'mmd.dat' index 17 using ($1>0?$1:NaN):($3) with linespoints linestyle 3 notitle, \
     'mmd.dat' index 18 using ($1>0?$1:NaN):($3) with linespoints linestyle 4 notitle, \
     'mmd.dat' index 19 using ($1>0?$1:NaN):($3) with linespoints linestyle 5 notitle
unset object 1
unset arrow 1
set lmargin at screen 0.39733
set rmargin at screen 0.66267
set tmargin at screen 0.52265
set bmargin at screen 0.19094
set xlabel 'training time [s]' noenhanced offset 0,0.3
set ylabel '' noenhanced
set logscale x
set xrange [0.01058632:27.101228]
set xtics ('' 0.02 1, '' 0.03 1, '' 0.04 1, '' 0.05 1, '' 0.06 1, '' 0.07 1, '' 0.08 1, '' 0.09 1, '10^{−1}' 0.1 0, '' 0.2 1, '' 0.3 1, '' 0.4 1, '' 0.5 1, '' 0.6 1, '' 0.7 1, '' 0.8 1, '' 0.9 1, '1' 1 0, '' 2 1, '' 3 1, '' 4 1, '' 5 1, '' 6 1, '' 7 1, '' 8 1, '' 9 1, '10' 10 0, '' 20 1)
set logscale y
set yrange [0.00026582182:1.3607679]
set ytics ('' 0.0003 1, '' 0.0004 1, '' 0.0005 1, '' 0.0006 1, '' 0.0007 1, '' 0.0008 1, '' 0.0009 1, '10^{−3}' 0.001 0, '' 0.002 1, '' 0.003 1, '' 0.004 1, '' 0.005 1, '' 0.006 1, '' 0.007 1, '' 0.008 1, '' 0.009 1, '10^{−2}' 0.01 0, '' 0.02 1, '' 0.03 1, '' 0.04 1, '' 0.05 1, '' 0.06 1, '' 0.07 1, '' 0.08 1, '' 0.09 1, '10^{−1}' 0.1 0, '' 0.2 1, '' 0.3 1, '' 0.4 1, '' 0.5 1, '' 0.6 1, '' 0.7 1, '' 0.8 1, '' 0.9 1, '1' 1 0)
set title 'funnel' noenhanced
set object 1 rectangle from graph 0, graph 0 to graph 1, first 0.00039191359 behind fillcolor rgb '#000000' fillstyle solid 0.09 noborder
set arrow 1 from graph 0, first 0.00039191359 to graph 1, first 0.00039191359 nohead back linecolor rgb '#777777' linewidth 1 dashtype (2,3)
plot 'mmd.dat' index 20 using ($1>0?$1:NaN):($4):($5) with filledcurves linecolor rgb '#0072B2' fillstyle transparent solid 0.16 noborder notitle, \
     'mmd.dat' index 21 using ($1>0?$1:NaN):($4):($5) with filledcurves linecolor rgb '#D55E00' fillstyle transparent solid 0.16 noborder notitle, \
     'mmd.dat' index 22 using ($1>0?$1:NaN):($4):($5) with filledcurves linecolor rgb '#009E73' fillstyle transparent solid 0.16 noborder notitle, \
     'mmd.dat' index 23 using ($1>0?$1:NaN):($4):($5) with filledcurves linecolor rgb '#CC79A7' fillstyle transparent solid 0.16 noborder notitle, \
     'mmd.dat' index 24 using ($1>0?$1:NaN):($4):($5) with filledcurves linecolor rgb '#E69F00' fillstyle transparent solid 0.16 noborder notitle, \
     'mmd.dat' index 20 using ($1>0?$1:NaN):($3) with linespoints linestyle 1 notitle, \
     'mmd.dat' index 21 using ($1>0?$1:NaN):($3) with linespoints linestyle 2 notitle, \
     'mmd.dat' index 22 using ($1>0?$1:NaN):($3) with linespoints linestyle 3 notitle, \
     'mmd.dat' index 22 every ::7 using ($1>0?$1:NaN):($3) with points pointtype 2 pointsize 1.1 linewidth 2 linecolor rgb '#009E73' notitle, \
     'mmd.dat' index 23 using ($1>0?$1:NaN):($3) with linespoints linestyle 4 notitle, \
     'mmd.dat' index 24 using ($1>0?$1:NaN):($3) with linespoints linestyle 5 notitle, \
     'mmd.dat' index 24 every ::4 using ($1>0?$1:NaN):($3) with points pointtype 2 pointsize 1.1 linewidth 2 linecolor rgb '#E69F00' notitle
unset object 1
unset arrow 1
set lmargin at screen 0.72067
set rmargin at screen 0.98600
set tmargin at screen 0.52265
set bmargin at screen 0.19094
set xlabel 'training time [s]' noenhanced offset 0,0.3
set ylabel '' noenhanced
set logscale x
set xrange [0.011047519:29.082534]
set xtics ('' 0.02 1, '' 0.03 1, '' 0.04 1, '' 0.05 1, '' 0.06 1, '' 0.07 1, '' 0.08 1, '' 0.09 1, '10^{−1}' 0.1 0, '' 0.2 1, '' 0.3 1, '' 0.4 1, '' 0.5 1, '' 0.6 1, '' 0.7 1, '' 0.8 1, '' 0.9 1, '1' 1 0, '' 2 1, '' 3 1, '' 4 1, '' 5 1, '' 6 1, '' 7 1, '' 8 1, '' 9 1, '10' 10 0, '' 20 1)
set logscale y
set yrange [0.00023190781:1.2783749]
set ytics ('' 0.0003 1, '' 0.0004 1, '' 0.0005 1, '' 0.0006 1, '' 0.0007 1, '' 0.0008 1, '' 0.0009 1, '10^{−3}' 0.001 0, '' 0.002 1, '' 0.003 1, '' 0.004 1, '' 0.005 1, '' 0.006 1, '' 0.007 1, '' 0.008 1, '' 0.009 1, '10^{−2}' 0.01 0, '' 0.02 1, '' 0.03 1, '' 0.04 1, '' 0.05 1, '' 0.06 1, '' 0.07 1, '' 0.08 1, '' 0.09 1, '10^{−1}' 0.1 0, '' 0.2 1, '' 0.3 1, '' 0.4 1, '' 0.5 1, '' 0.6 1, '' 0.7 1, '' 0.8 1, '' 0.9 1, '1' 1 0)
set title 'squiggle' noenhanced
set object 1 rectangle from graph 0, graph 0 to graph 1, first 0.000343065 behind fillcolor rgb '#000000' fillstyle solid 0.09 noborder
set arrow 1 from graph 0, first 0.000343065 to graph 1, first 0.000343065 nohead back linecolor rgb '#777777' linewidth 1 dashtype (2,3)
plot 'mmd.dat' index 25 using ($1>0?$1:NaN):($4):($5) with filledcurves linecolor rgb '#0072B2' fillstyle transparent solid 0.16 noborder notitle, \
     'mmd.dat' index 26 using ($1>0?$1:NaN):($4):($5) with filledcurves linecolor rgb '#D55E00' fillstyle transparent solid 0.16 noborder notitle, \
     'mmd.dat' index 27 using ($1>0?$1:NaN):($4):($5) with filledcurves linecolor rgb '#009E73' fillstyle transparent solid 0.16 noborder notitle, \
     'mmd.dat' index 28 using ($1>0?$1:NaN):($4):($5) with filledcurves linecolor rgb '#CC79A7' fillstyle transparent solid 0.16 noborder notitle, \
     'mmd.dat' index 29 using ($1>0?$1:NaN):($4):($5) with filledcurves linecolor rgb '#E69F00' fillstyle transparent solid 0.16 noborder notitle, \
     'mmd.dat' index 25 using ($1>0?$1:NaN):($3) with linespoints linestyle 1 notitle, \
     'mmd.dat' index 26 using ($1>0?$1:NaN):($3) with linespoints linestyle 2 notitle, \
     'mmd.dat' index 27 using ($1>0?$1:NaN):($3) with linespoints linestyle 3 notitle, \
     'mmd.dat' index 28 using ($1>0?$1:NaN):($3) with linespoints linestyle 4 notitle, \
     'mmd.dat' index 29 using ($1>0?$1:NaN):($3) with linespoints linestyle 5 notitle
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
plot NaN with linespoints linestyle 1 title 'full', NaN with linespoints linestyle 2 title 'through_sample', NaN with linespoints linestyle 3 title 'through_score', NaN with linespoints linestyle 4 title 'family alpha=0.8', NaN with linespoints linestyle 5 title 'family alpha=1.2', NaN with filledcurves linecolor rgb '#000000' fillstyle solid 0.13 noborder title 'noise floor (95 %)', NaN with points pointtype 2 pointsize 1.1 linewidth 2 linecolor rgb '#555555' title 'no seed finished'
unset multiplot
