# gnuplot -e "format='svg'" sliced_wasserstein-data-passes-part2.gp   (or png, pdf)
if (!exists("format")) format = 'svg'
base = format eq 'svg' ? 12 : 9  # font size: pixels of an SVG, points else
if (format eq 'svg') set terminal svg enhanced rounded size 1000,618 font 'Helvetica,12' background '#ffffff'
if (format eq 'png') set terminal pngcairo enhanced rounded size 1500,927 font 'Helvetica,9' fontscale 1.5 linewidth 1.5 pointscale 1.5 background '#ffffff'
if (format eq 'pdf') set terminal pdfcairo enhanced rounded size 10.417in,6.438in font 'Helvetica,9' fontscale 1
size_of(share) = sprintf(',%.1f', share * base)
set output 'sliced_wasserstein-data-passes-part2.'.format
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
set linetype 6 linecolor rgb '#56B4E9' linewidth 1.7 dashtype solid pointtype 6 pointsize 0.55
set style line 6 linecolor rgb '#56B4E9' linewidth 1.7 dashtype solid pointtype 6 pointsize 0.55
set linetype 7 linecolor rgb '#000000' linewidth 1.7 dashtype (16,8) pointtype 4 pointsize 0.55
set style line 7 linecolor rgb '#000000' linewidth 1.7 dashtype (16,8) pointtype 4 pointsize 0.55
set multiplot
set lmargin at screen 0.07400
set rmargin at screen 0.50100
set tmargin at screen 0.95146
set bmargin at screen 0.61974
set xlabel '' noenhanced offset 0,0.3
set ylabel 'sliced_wasserstein' noenhanced
set logscale x
set xrange [2952.7729:2796536.1]
set xtics ('' 3000 1, '' 4000 1, '' 5000 1, '' 6000 1, '' 7000 1, '' 8000 1, '' 9000 1, '10^{4}' 10000 0, '' 20000 1, '' 30000 1, '' 40000 1, '' 50000 1, '' 60000 1, '' 70000 1, '' 80000 1, '' 90000 1, '10^{5}' 100000 0, '' 200000 1, '' 300000 1, '' 400000 1, '' 500000 1, '' 600000 1, '' 700000 1, '' 800000 1, '' 900000 1, '10^{6}' 1000000 0, '' 2000000 1)
set logscale y
set yrange [0.003977068:250782.84]
set ytics ('' 0.004 1, '' 0.005 1, '' 0.006 1, '' 0.007 1, '' 0.008 1, '' 0.009 1, '10^{−2}' 0.01 0, '' 0.02 1, '' 0.03 1, '' 0.04 1, '' 0.05 1, '' 0.06 1, '' 0.07 1, '' 0.08 1, '' 0.09 1, '' 0.1 1, '' 0.2 1, '' 0.3 1, '' 0.4 1, '' 0.5 1, '' 0.6 1, '' 0.7 1, '' 0.8 1, '' 0.9 1, '1' 1 0, '' 2 1, '' 3 1, '' 4 1, '' 5 1, '' 6 1, '' 7 1, '' 8 1, '' 9 1, '' 10 1, '' 20 1, '' 30 1, '' 40 1, '' 50 1, '' 60 1, '' 70 1, '' 80 1, '' 90 1, '10^{2}' 100 0, '' 200 1, '' 300 1, '' 400 1, '' 500 1, '' 600 1, '' 700 1, '' 800 1, '' 900 1, '' 1000 1, '' 2000 1, '' 3000 1, '' 4000 1, '' 5000 1, '' 6000 1, '' 7000 1, '' 8000 1, '' 9000 1, '10^{4}' 10000 0, '' 20000 1, '' 30000 1, '' 40000 1, '' 50000 1, '' 60000 1, '' 70000 1, '' 80000 1, '' 90000 1, '' 100000 1, '' 200000 1)
set title 'german' noenhanced
set object 1 rectangle from graph 0, graph 0 to graph 1, first 0.010702784 behind fillcolor rgb '#000000' fillstyle solid 0.09 noborder
set arrow 1 from graph 0, first 0.010702784 to graph 1, first 0.010702784 nohead back linecolor rgb '#777777' linewidth 1 dashtype (2,3)
plot 'sliced_wasserstein-part2.dat' index 0 using ($2>0?$2:NaN):($4):($5) with filledcurves linecolor rgb '#0072B2' fillstyle transparent solid 0.16 noborder notitle, \
     'sliced_wasserstein-part2.dat' index 1 using ($2>0?$2:NaN):($4):($5) with filledcurves linecolor rgb '#D55E00' fillstyle transparent solid 0.16 noborder notitle, \
     'sliced_wasserstein-part2.dat' index 2 using ($2>0?$2:NaN):($4):($5) with filledcurves linecolor rgb '#009E73' fillstyle transparent solid 0.16 noborder notitle, \
     'sliced_wasserstein-part2.dat' index 3 using ($2>0?$2:NaN):($4):($5) with filledcurves linecolor rgb '#CC79A7' fillstyle transparent solid 0.16 noborder notitle, \
     'sliced_wasserstein-part2.dat' index 4 using ($2>0?$2:NaN):($4):($5) with filledcurves linecolor rgb '#E69F00' fillstyle transparent solid 0.16 noborder notitle, \
     'sliced_wasserstein-part2.dat' index 5 using ($2>0?$2:NaN):($4):($5) with filledcurves linecolor rgb '#56B4E9' fillstyle transparent solid 0.16 noborder notitle, \
     'sliced_wasserstein-part2.dat' index 6 using ($2>0?$2:NaN):($4):($5) with filledcurves linecolor rgb '#000000' fillstyle transparent solid 0.16 noborder notitle, \
     'sliced_wasserstein-part2.dat' index 0 using ($2>0?$2:NaN):($3) with linespoints linestyle 1 notitle, \
     'sliced_wasserstein-part2.dat' index 1 using ($2>0?$2:NaN):($3) with linespoints linestyle 2 notitle, \
     'sliced_wasserstein-part2.dat' index 2 using ($2>0?$2:NaN):($3) with linespoints linestyle 3 notitle, \
     'sliced_wasserstein-part2.dat' index 3 using ($2>0?$2:NaN):($3) with linespoints linestyle 4 notitle, \
     'sliced_wasserstein-part2.dat' index 4 using ($2>0?$2:NaN):($3) with linespoints linestyle 5 notitle, \
     'sliced_wasserstein-part2.dat' index 5 using ($2>0?$2:NaN):($3) with linespoints linestyle 6 notitle, \
     'sliced_wasserstein-part2.dat' index 6 using ($2>0?$2:NaN):($3) with linespoints linestyle 7 notitle
unset object 1
unset arrow 1
set lmargin at screen 0.55900
set rmargin at screen 0.98600
set tmargin at screen 0.95146
set bmargin at screen 0.61974
set xlabel '' noenhanced offset 0,0.3
set ylabel '' noenhanced
set logscale x
set xrange [8857.9434:2654002]
set xtics ('' 9000 1, '10^{4}' 10000 0, '' 20000 1, '' 30000 1, '' 40000 1, '' 50000 1, '' 60000 1, '' 70000 1, '' 80000 1, '' 90000 1, '10^{5}' 100000 0, '' 200000 1, '' 300000 1, '' 400000 1, '' 500000 1, '' 600000 1, '' 700000 1, '' 800000 1, '' 900000 1, '10^{6}' 1000000 0, '' 2000000 1)
set logscale y
set yrange [0.022210522:486440.09]
set ytics ('' 0.03 1, '' 0.04 1, '' 0.05 1, '' 0.06 1, '' 0.07 1, '' 0.08 1, '' 0.09 1, '10^{−1}' 0.1 0, '' 0.2 1, '' 0.3 1, '' 0.4 1, '' 0.5 1, '' 0.6 1, '' 0.7 1, '' 0.8 1, '' 0.9 1, '' 1 1, '' 2 1, '' 3 1, '' 4 1, '' 5 1, '' 6 1, '' 7 1, '' 8 1, '' 9 1, '10' 10 0, '' 20 1, '' 30 1, '' 40 1, '' 50 1, '' 60 1, '' 70 1, '' 80 1, '' 90 1, '' 100 1, '' 200 1, '' 300 1, '' 400 1, '' 500 1, '' 600 1, '' 700 1, '' 800 1, '' 900 1, '10^{3}' 1000 0, '' 2000 1, '' 3000 1, '' 4000 1, '' 5000 1, '' 6000 1, '' 7000 1, '' 8000 1, '' 9000 1, '' 10000 1, '' 20000 1, '' 30000 1, '' 40000 1, '' 50000 1, '' 60000 1, '' 70000 1, '' 80000 1, '' 90000 1, '10^{5}' 100000 0, '' 200000 1, '' 300000 1, '' 400000 1)
set title 'ionosphere' noenhanced
set object 1 rectangle from graph 0, graph 0 to graph 1, first 0.047886877 behind fillcolor rgb '#000000' fillstyle solid 0.09 noborder
set arrow 1 from graph 0, first 0.047886877 to graph 1, first 0.047886877 nohead back linecolor rgb '#777777' linewidth 1 dashtype (2,3)
plot 'sliced_wasserstein-part2.dat' index 7 using ($2>0?$2:NaN):($4):($5) with filledcurves linecolor rgb '#0072B2' fillstyle transparent solid 0.16 noborder notitle, \
     'sliced_wasserstein-part2.dat' index 8 using ($2>0?$2:NaN):($4):($5) with filledcurves linecolor rgb '#D55E00' fillstyle transparent solid 0.16 noborder notitle, \
     'sliced_wasserstein-part2.dat' index 9 using ($2>0?$2:NaN):($4):($5) with filledcurves linecolor rgb '#009E73' fillstyle transparent solid 0.16 noborder notitle, \
     'sliced_wasserstein-part2.dat' index 10 using ($2>0?$2:NaN):($4):($5) with filledcurves linecolor rgb '#CC79A7' fillstyle transparent solid 0.16 noborder notitle, \
     'sliced_wasserstein-part2.dat' index 11 using ($2>0?$2:NaN):($4):($5) with filledcurves linecolor rgb '#E69F00' fillstyle transparent solid 0.16 noborder notitle, \
     'sliced_wasserstein-part2.dat' index 12 using ($2>0?$2:NaN):($4):($5) with filledcurves linecolor rgb '#56B4E9' fillstyle transparent solid 0.16 noborder notitle, \
     'sliced_wasserstein-part2.dat' index 13 using ($2>0?$2:NaN):($4):($5) with filledcurves linecolor rgb '#000000' fillstyle transparent solid 0.16 noborder notitle, \
     'sliced_wasserstein-part2.dat' index 7 using ($2>0?$2:NaN):($3) with linespoints linestyle 1 notitle, \
     'sliced_wasserstein-part2.dat' index 8 using ($2>0?$2:NaN):($3) with linespoints linestyle 2 notitle, \
     'sliced_wasserstein-part2.dat' index 9 using ($2>0?$2:NaN):($3) with linespoints linestyle 3 notitle, \
     'sliced_wasserstein-part2.dat' index 10 using ($2>0?$2:NaN):($3) with linespoints linestyle 4 notitle, \
     'sliced_wasserstein-part2.dat' index 11 using ($2>0?$2:NaN):($3) with linespoints linestyle 5 notitle, \
     'sliced_wasserstein-part2.dat' index 12 using ($2>0?$2:NaN):($3) with linespoints linestyle 6 notitle, \
     'sliced_wasserstein-part2.dat' index 13 using ($2>0?$2:NaN):($3) with linespoints linestyle 7 notitle
unset object 1
unset arrow 1
set lmargin at screen 0.07400
set rmargin at screen 0.50100
set tmargin at screen 0.52265
set bmargin at screen 0.19094
set xlabel 'passes over the data' noenhanced offset 0,0.3
set ylabel 'sliced_wasserstein' noenhanced
set logscale x
set xrange [15394.339:2585064.2]
set xtics ('' 20000 1, '' 30000 1, '' 40000 1, '' 50000 1, '' 60000 1, '' 70000 1, '' 80000 1, '' 90000 1, '10^{5}' 100000 0, '' 200000 1, '' 300000 1, '' 400000 1, '' 500000 1, '' 600000 1, '' 700000 1, '' 800000 1, '' 900000 1, '10^{6}' 1000000 0, '' 2000000 1)
set logscale y
set yrange [0.011580848:639778.4]
set ytics ('' 0.02 1, '' 0.03 1, '' 0.04 1, '' 0.05 1, '' 0.06 1, '' 0.07 1, '' 0.08 1, '' 0.09 1, '10^{−1}' 0.1 0, '' 0.2 1, '' 0.3 1, '' 0.4 1, '' 0.5 1, '' 0.6 1, '' 0.7 1, '' 0.8 1, '' 0.9 1, '' 1 1, '' 2 1, '' 3 1, '' 4 1, '' 5 1, '' 6 1, '' 7 1, '' 8 1, '' 9 1, '10' 10 0, '' 20 1, '' 30 1, '' 40 1, '' 50 1, '' 60 1, '' 70 1, '' 80 1, '' 90 1, '' 100 1, '' 200 1, '' 300 1, '' 400 1, '' 500 1, '' 600 1, '' 700 1, '' 800 1, '' 900 1, '10^{3}' 1000 0, '' 2000 1, '' 3000 1, '' 4000 1, '' 5000 1, '' 6000 1, '' 7000 1, '' 8000 1, '' 9000 1, '' 10000 1, '' 20000 1, '' 30000 1, '' 40000 1, '' 50000 1, '' 60000 1, '' 70000 1, '' 80000 1, '' 90000 1, '10^{5}' 100000 0, '' 200000 1, '' 300000 1, '' 400000 1, '' 500000 1, '' 600000 1)
set title 'sonar' noenhanced
set object 1 rectangle from graph 0, graph 0 to graph 1, first 0.026041296 behind fillcolor rgb '#000000' fillstyle solid 0.09 noborder
set arrow 1 from graph 0, first 0.026041296 to graph 1, first 0.026041296 nohead back linecolor rgb '#777777' linewidth 1 dashtype (2,3)
plot 'sliced_wasserstein-part2.dat' index 14 using ($2>0?$2:NaN):($4):($5) with filledcurves linecolor rgb '#0072B2' fillstyle transparent solid 0.16 noborder notitle, \
     'sliced_wasserstein-part2.dat' index 15 using ($2>0?$2:NaN):($4):($5) with filledcurves linecolor rgb '#D55E00' fillstyle transparent solid 0.16 noborder notitle, \
     'sliced_wasserstein-part2.dat' index 16 using ($2>0?$2:NaN):($4):($5) with filledcurves linecolor rgb '#009E73' fillstyle transparent solid 0.16 noborder notitle, \
     'sliced_wasserstein-part2.dat' index 17 using ($2>0?$2:NaN):($4):($5) with filledcurves linecolor rgb '#CC79A7' fillstyle transparent solid 0.16 noborder notitle, \
     'sliced_wasserstein-part2.dat' index 18 using ($2>0?$2:NaN):($4):($5) with filledcurves linecolor rgb '#E69F00' fillstyle transparent solid 0.16 noborder notitle, \
     'sliced_wasserstein-part2.dat' index 19 using ($2>0?$2:NaN):($4):($5) with filledcurves linecolor rgb '#56B4E9' fillstyle transparent solid 0.16 noborder notitle, \
     'sliced_wasserstein-part2.dat' index 20 using ($2>0?$2:NaN):($4):($5) with filledcurves linecolor rgb '#000000' fillstyle transparent solid 0.16 noborder notitle, \
     'sliced_wasserstein-part2.dat' index 14 using ($2>0?$2:NaN):($3) with linespoints linestyle 1 notitle, \
     'sliced_wasserstein-part2.dat' index 15 using ($2>0?$2:NaN):($3) with linespoints linestyle 2 notitle, \
     'sliced_wasserstein-part2.dat' index 16 using ($2>0?$2:NaN):($3) with linespoints linestyle 3 notitle, \
     'sliced_wasserstein-part2.dat' index 17 using ($2>0?$2:NaN):($3) with linespoints linestyle 4 notitle, \
     'sliced_wasserstein-part2.dat' index 18 using ($2>0?$2:NaN):($3) with linespoints linestyle 5 notitle, \
     'sliced_wasserstein-part2.dat' index 19 using ($2>0?$2:NaN):($3) with linespoints linestyle 6 notitle, \
     'sliced_wasserstein-part2.dat' index 20 using ($2>0?$2:NaN):($3) with linespoints linestyle 7 notitle
unset object 1
unset arrow 1
set lmargin at screen 0.55900
set rmargin at screen 0.98600
set tmargin at screen 0.52265
set bmargin at screen 0.19094
set xlabel 'passes over the data' noenhanced offset 0,0.3
set ylabel '' noenhanced
set logscale x
set xrange [5340.2621:2718732.6]
set xtics ('' 6000 1, '' 7000 1, '' 8000 1, '' 9000 1, '10^{4}' 10000 0, '' 20000 1, '' 30000 1, '' 40000 1, '' 50000 1, '' 60000 1, '' 70000 1, '' 80000 1, '' 90000 1, '10^{5}' 100000 0, '' 200000 1, '' 300000 1, '' 400000 1, '' 500000 1, '' 600000 1, '' 700000 1, '' 800000 1, '' 900000 1, '10^{6}' 1000000 0, '' 2000000 1)
set logscale y
set yrange [0.071723652:396142.12]
set ytics ('' 0.08 1, '' 0.09 1, '10^{−1}' 0.1 0, '' 0.2 1, '' 0.3 1, '' 0.4 1, '' 0.5 1, '' 0.6 1, '' 0.7 1, '' 0.8 1, '' 0.9 1, '' 1 1, '' 2 1, '' 3 1, '' 4 1, '' 5 1, '' 6 1, '' 7 1, '' 8 1, '' 9 1, '10' 10 0, '' 20 1, '' 30 1, '' 40 1, '' 50 1, '' 60 1, '' 70 1, '' 80 1, '' 90 1, '' 100 1, '' 200 1, '' 300 1, '' 400 1, '' 500 1, '' 600 1, '' 700 1, '' 800 1, '' 900 1, '10^{3}' 1000 0, '' 2000 1, '' 3000 1, '' 4000 1, '' 5000 1, '' 6000 1, '' 7000 1, '' 8000 1, '' 9000 1, '' 10000 1, '' 20000 1, '' 30000 1, '' 40000 1, '' 50000 1, '' 60000 1, '' 70000 1, '' 80000 1, '' 90000 1, '10^{5}' 100000 0, '' 200000 1, '' 300000 1)
set title 'wdbc' noenhanced
set object 1 rectangle from graph 0, graph 0 to graph 1, first 0.14525313 behind fillcolor rgb '#000000' fillstyle solid 0.09 noborder
set arrow 1 from graph 0, first 0.14525313 to graph 1, first 0.14525313 nohead back linecolor rgb '#777777' linewidth 1 dashtype (2,3)
plot 'sliced_wasserstein-part2.dat' index 21 using ($2>0?$2:NaN):($4):($5) with filledcurves linecolor rgb '#0072B2' fillstyle transparent solid 0.16 noborder notitle, \
     'sliced_wasserstein-part2.dat' index 22 using ($2>0?$2:NaN):($4):($5) with filledcurves linecolor rgb '#D55E00' fillstyle transparent solid 0.16 noborder notitle, \
     'sliced_wasserstein-part2.dat' index 23 using ($2>0?$2:NaN):($4):($5) with filledcurves linecolor rgb '#009E73' fillstyle transparent solid 0.16 noborder notitle, \
     'sliced_wasserstein-part2.dat' index 24 using ($2>0?$2:NaN):($4):($5) with filledcurves linecolor rgb '#CC79A7' fillstyle transparent solid 0.16 noborder notitle, \
     'sliced_wasserstein-part2.dat' index 25 using ($2>0?$2:NaN):($4):($5) with filledcurves linecolor rgb '#E69F00' fillstyle transparent solid 0.16 noborder notitle, \
     'sliced_wasserstein-part2.dat' index 26 using ($2>0?$2:NaN):($4):($5) with filledcurves linecolor rgb '#56B4E9' fillstyle transparent solid 0.16 noborder notitle, \
     'sliced_wasserstein-part2.dat' index 27 using ($2>0?$2:NaN):($4):($5) with filledcurves linecolor rgb '#000000' fillstyle transparent solid 0.16 noborder notitle, \
     'sliced_wasserstein-part2.dat' index 21 using ($2>0?$2:NaN):($3) with linespoints linestyle 1 notitle, \
     'sliced_wasserstein-part2.dat' index 22 using ($2>0?$2:NaN):($3) with linespoints linestyle 2 notitle, \
     'sliced_wasserstein-part2.dat' index 23 using ($2>0?$2:NaN):($3) with linespoints linestyle 3 notitle, \
     'sliced_wasserstein-part2.dat' index 24 using ($2>0?$2:NaN):($3) with linespoints linestyle 4 notitle, \
     'sliced_wasserstein-part2.dat' index 25 using ($2>0?$2:NaN):($3) with linespoints linestyle 5 notitle, \
     'sliced_wasserstein-part2.dat' index 26 using ($2>0?$2:NaN):($3) with linespoints linestyle 6 notitle, \
     'sliced_wasserstein-part2.dat' index 27 using ($2>0?$2:NaN):($3) with linespoints linestyle 7 notitle
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
plot NaN with linespoints linestyle 1 title 'stein-ksd', NaN with linespoints linestyle 2 title 'stein-critic', NaN with linespoints linestyle 3 title 'fisher', NaN with linespoints linestyle 4 title 'kl', NaN with linespoints linestyle 5 title 'kl, minibatches', NaN with linespoints linestyle 6 title 'dft', NaN with linespoints linestyle 7 title 'dft, minibatches', NaN with filledcurves linecolor rgb '#000000' fillstyle solid 0.13 noborder title 'noise floor (95 %)'
unset multiplot
