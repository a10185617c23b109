# gnuplot -e "format='svg'" mmd-by-score_width.gp   (or png, pdf)
if (!exists("format")) format = 'svg'
base = format eq 'svg' ? 12 : 9  # font size: pixels of an SVG, points else
if (format eq 'svg') set terminal svg enhanced rounded size 1000,333 font 'Helvetica,12' background '#ffffff'
if (format eq 'png') set terminal pngcairo enhanced rounded size 1500,500 font 'Helvetica,9' fontscale 1.5 linewidth 1.5 pointscale 1.5 background '#ffffff'
if (format eq 'pdf') set terminal pdfcairo enhanced rounded size 10.417in,3.469in font 'Helvetica,9' fontscale 1
size_of(share) = sprintf(',%.1f', share * base)
set output 'mmd-by-score_width.'.format
set encoding utf8
set border 3 linewidth 0.8 linecolor rgb '#333333'
set tics nomirror out scale 0.6,0.3 textcolor rgb '#222222'
set title offset 0,-0.6 font size_of(1.08)
set grid xtics ytics linecolor rgb '#e6e6e6' linewidth 0.6 dashtype solid
unset key
set linetype 1 linecolor rgb '#0072B2' linewidth 1.7 dashtype solid pointtype 7 pointsize 0.55
set style line 1 linecolor rgb '#0072B2' linewidth 1.7 dashtype solid pointtype 7 pointsize 0.55
set bars 0.4
set clip two
set multiplot
set lmargin at screen 0.07400
set rmargin at screen 0.33933
set tmargin at screen 0.90991
set bmargin at screen 0.29429
set xlabel 'score_width' noenhanced offset 0,0.3
set ylabel 'mmd' noenhanced
set logscale x
set xrange [14.420007:142.02489]
set xtics ('20' 20 0, '' 30 1, '' 40 1, '50' 50 0, '' 60 1, '' 70 1, '' 80 1, '' 90 1, '100' 100 0)
unset logscale y
set yrange [-2.112168:2.1785816]
set ytics ('0' 0 0, '−10^{−3}' -0.74106357 0, '10^{−3}' 0.74106357 0, '−10^{−2}' -1.7266648 0, '10^{−2}' 1.7266648 0)
set title 'gaussian' noenhanced
set object 1 rectangle from graph 0, graph 0 to graph 1, first 0.38277569 behind fillcolor rgb '#000000' fillstyle solid 0.09 noborder
set arrow 1 from graph 0, first 0.38277569 to graph 1, first 0.38277569 nohead back linecolor rgb '#777777' linewidth 1 dashtype (2,3)
plot 'mmd-by-score_width.dat' index 0 using 1:(asinh($2/0.000375421)/log(10)):(asinh(($3<-0.024301338?-0.024301338:$3>0.028317223?0.028317223:$3)/0.000375421)/log(10)):(asinh(($4<-0.024301338?-0.024301338:$4>0.028317223?0.028317223:$4)/0.000375421)/log(10)) with yerrorbars pointtype 0 linewidth 1.1 dashtype solid linecolor rgb '#0072B2' notitle, \
     'mmd-by-score_width.dat' index 0 using 1:(asinh($2/0.000375421)/log(10)) with linespoints linestyle 1 notitle
unset object 1
unset arrow 1
unset label
set lmargin at screen 0.39733
set rmargin at screen 0.66267
set tmargin at screen 0.90991
set bmargin at screen 0.29429
set xlabel 'score_width' noenhanced offset 0,0.3
set ylabel '' noenhanced
set logscale x
set xrange [14.420007:142.02489]
set xtics ('20' 20 0, '' 30 1, '' 40 1, '50' 50 0, '' 60 1, '' 70 1, '' 80 1, '' 90 1, '100' 100 0)
set logscale y
set yrange [0.00044280788:0.30317079]
set ytics ('' 0.0005 1, '' 0.0006 1, '' 0.0007 1, '' 0.0008 1, '' 0.0009 1, '10^{−3}' 0.001 0, '' 0.002 1, '' 0.003 1, '' 0.004 1, '' 0.005 1, '' 0.006 1, '' 0.007 1, '' 0.008 1, '' 0.009 1, '10^{−2}' 0.01 0, '' 0.02 1, '' 0.03 1, '' 0.04 1, '' 0.05 1, '' 0.06 1, '' 0.07 1, '' 0.08 1, '' 0.09 1, '10^{−1}' 0.1 0, '' 0.2 1, '' 0.3 1)
set title 'mog2' noenhanced
set object 1 rectangle from graph 0, graph 0 to graph 1, first 0.00059579991 behind fillcolor rgb '#000000' fillstyle solid 0.09 noborder
set arrow 1 from graph 0, first 0.00059579991 to graph 1, first 0.00059579991 nohead back linecolor rgb '#777777' linewidth 1 dashtype (2,3)
plot 'mmd-by-score_width.dat' index 1 using 1:($2):(($3<0.00044280788?0.00044280788:$3>0.30317079?0.30317079:$3)):(($4<0.00044280788?0.00044280788:$4>0.30317079?0.30317079:$4)) with yerrorbars pointtype 0 linewidth 1.1 dashtype solid linecolor rgb '#0072B2' notitle, \
     'mmd-by-score_width.dat' index 1 using 1:($2) with linespoints linestyle 1 notitle
unset object 1
unset arrow 1
unset label
set lmargin at screen 0.72067
set rmargin at screen 0.98600
set tmargin at screen 0.90991
set bmargin at screen 0.29429
set xlabel 'score_width' noenhanced offset 0,0.3
set ylabel '' noenhanced
set logscale x
set xrange [14.420007:142.02489]
set xtics ('20' 20 0, '' 30 1, '' 40 1, '50' 50 0, '' 60 1, '' 70 1, '' 80 1, '' 90 1, '100' 100 0)
set logscale y
set yrange [0.00028426047:0.0084346675]
set ytics ('' 0.0003 1, '' 0.0004 1, '0.0005' 0.0005 0, '' 0.0006 1, '' 0.0007 1, '' 0.0008 1, '' 0.0009 1, '0.001' 0.001 0, '0.002' 0.002 0, '' 0.003 1, '' 0.004 1, '0.005' 0.005 0, '' 0.006 1, '' 0.007 1, '' 0.008 1)
set title 'donut' noenhanced
set object 1 rectangle from graph 0, graph 0 to graph 1, first 0.00033162063 behind fillcolor rgb '#000000' fillstyle solid 0.09 noborder
set arrow 1 from graph 0, first 0.00033162063 to graph 1, first 0.00033162063 nohead back linecolor rgb '#777777' linewidth 1 dashtype (2,3)
plot 'mmd-by-score_width.dat' index 2 using 1:($2):(($3<0.00028426047?0.00028426047:$3>0.0084346675?0.0084346675:$3)):(($4<0.00028426047?0.00028426047:$4>0.0084346675?0.0084346675:$4)) with yerrorbars pointtype 0 linewidth 1.1 dashtype solid linecolor rgb '#0072B2' notitle, \
     'mmd-by-score_width.dat' index 2 using 1:($2) with linespoints linestyle 1 notitle
unset object 1
unset arrow 1
unset label
set lmargin at screen 0
set rmargin at screen 1
set tmargin at screen 0.10210
set bmargin at screen 0.01802
unset logscale
unset xtics
unset ytics
unset border
unset title
unset xlabel
unset ylabel
set xrange [0:1]
set yrange [0:1]
set key noenhanced center center horizontal Left reverse samplen 3.2 spacing 1.15 width 1 maxcols 2
plot NaN with linespoints linestyle 1 title 'dft:score_steps=5,sigma=0.1', NaN with filledcurves linecolor rgb '#000000' fillstyle solid 0.13 noborder title 'noise floor (95 %)'
unset multiplot
