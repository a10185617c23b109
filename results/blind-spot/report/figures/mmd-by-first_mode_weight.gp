# gnuplot -e "format='svg'" mmd-by-first_mode_weight.gp   (or png, pdf)
if (!exists("format")) format = 'svg'
base = format eq 'svg' ? 12 : 9  # font size: pixels of an SVG, points else
if (format eq 'svg') set terminal svg enhanced rounded size 1000,598 font 'Helvetica,12' background '#ffffff'
if (format eq 'png') set terminal pngcairo enhanced rounded size 1500,897 font 'Helvetica,9' fontscale 1.5 linewidth 1.5 pointscale 1.5 background '#ffffff'
if (format eq 'pdf') set terminal pdfcairo enhanced rounded size 10.417in,6.229in font 'Helvetica,9' fontscale 1
size_of(share) = sprintf(',%.1f', share * base)
set output 'mmd-by-first_mode_weight.'.format
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
set rmargin at screen 0.50100
set tmargin at screen 0.94983
set bmargin at screen 0.60702
set xlabel '' noenhanced offset 0,0.3
set ylabel 'mmd' noenhanced
unset logscale x
set xrange [0.47:1.03]
set xtics autofreq
set logscale y
set yrange [1.1847104e-05:0.1650456]
set ytics ('' 2e-05 1, '' 3e-05 1, '' 4e-05 1, '' 5e-05 1, '' 6e-05 1, '' 7e-05 1, '' 8e-05 1, '' 9e-05 1, '10^{−4}' 0.0001 0, '' 0.0002 1, '' 0.0003 1, '' 0.0004 1, '' 0.0005 1, '' 0.0006 1, '' 0.0007 1, '' 0.0008 1, '' 0.0009 1, '10^{−3}' 0.001 0, '' 0.002 1, '' 0.003 1, '' 0.004 1, '' 0.005 1, '' 0.006 1, '' 0.007 1, '' 0.008 1, '' 0.009 1, '10^{−2}' 0.01 0, '' 0.02 1, '' 0.03 1, '' 0.04 1, '' 0.05 1, '' 0.06 1, '' 0.07 1, '' 0.08 1, '' 0.09 1, '10^{−1}' 0.1 0)
set title '2 apart' noenhanced
set object 1 rectangle from graph 0, graph 0 to graph 1, first 0.00025032436 behind fillcolor rgb '#000000' fillstyle solid 0.09 noborder
set arrow 1 from graph 0, first 0.00025032436 to graph 1, first 0.00025032436 nohead back linecolor rgb '#777777' linewidth 1 dashtype (2,3)
plot 'mmd-by-first_mode_weight.dat' index 0 using 1:($2):(($3<1.1847104e-05?1.1847104e-05:$3>0.1650456?0.1650456:$3)):(($4<1.1847104e-05?1.1847104e-05:$4>0.1650456?0.1650456:$4)) with yerrorbars pointtype 0 linewidth 1.1 dashtype solid linecolor rgb '#0072B2' notitle, \
     'mmd-by-first_mode_weight.dat' index 0 using 1:($2) with linespoints linestyle 1 notitle
unset object 1
unset arrow 1
unset label
set lmargin at screen 0.55900
set rmargin at screen 0.98600
set tmargin at screen 0.94983
set bmargin at screen 0.60702
set xlabel '' noenhanced offset 0,0.3
set ylabel '' noenhanced
unset logscale x
set xrange [0.47:1.03]
set xtics autofreq
unset logscale y
set yrange [-0.32572345:2.9347132]
set ytics ('0' 0 0, '' 0.56016385 1, '10^{−2}' 1.5263145 0, '10^{−1}' 2.5259334 0)
set title '4 apart' noenhanced
set object 1 rectangle from graph 0, graph 0 to graph 1, first 0.38277569 behind fillcolor rgb '#000000' fillstyle solid 0.09 noborder
set arrow 1 from graph 0, first 0.38277569 to graph 1, first 0.38277569 nohead back linecolor rgb '#777777' linewidth 1 dashtype (2,3)
plot 'mmd-by-first_mode_weight.dat' index 1 using 1:(asinh($2/0.0005958)/log(10)):(asinh(($3<-0.00048994083?-0.00048994083:$3>0.25632034?0.25632034:$3)/0.0005958)/log(10)):(asinh(($4<-0.00048994083?-0.00048994083:$4>0.25632034?0.25632034:$4)/0.0005958)/log(10)) with yerrorbars pointtype 0 linewidth 1.1 dashtype solid linecolor rgb '#0072B2' notitle, \
     'mmd-by-first_mode_weight.dat' index 1 using 1:(asinh($2/0.0005958)/log(10)) with linespoints linestyle 1 notitle
unset object 1
unset arrow 1
unset label
set lmargin at screen 0.07400
set rmargin at screen 0.50100
set tmargin at screen 0.50669
set bmargin at screen 0.16388
set xlabel 'first_mode_weight' noenhanced offset 0,0.3
set ylabel 'mmd' noenhanced
unset logscale x
set xrange [0.47:1.03]
set xtics autofreq
unset logscale y
set yrange [-0.46529013:3.1730327]
set ytics ('0' 0 0, '10^{−3}' 0.65767312 0, '10^{−2}' 1.6363691 0, '10^{−1}' 2.6361396 0)
set title '6 apart' noenhanced
set object 1 rectangle from graph 0, graph 0 to graph 1, first 0.38277569 behind fillcolor rgb '#000000' fillstyle solid 0.09 noborder
set arrow 1 from graph 0, first 0.38277569 to graph 1, first 0.38277569 nohead back linecolor rgb '#777777' linewidth 1 dashtype (2,3)
plot 'mmd-by-first_mode_weight.dat' index 2 using 1:(asinh($2/0.000462267)/log(10)):(asinh(($3<-0.00059559326?-0.00059559326:$3>0.34426687?0.34426687:$3)/0.000462267)/log(10)):(asinh(($4<-0.00059559326?-0.00059559326:$4>0.34426687?0.34426687:$4)/0.000462267)/log(10)) with yerrorbars pointtype 0 linewidth 1.1 dashtype solid linecolor rgb '#0072B2' notitle, \
     'mmd-by-first_mode_weight.dat' index 2 using 1:(asinh($2/0.000462267)/log(10)) with linespoints linestyle 1 notitle
unset object 1
unset arrow 1
unset label
set lmargin at screen 0.55900
set rmargin at screen 0.98600
set tmargin at screen 0.50669
set bmargin at screen 0.16388
set xlabel 'first_mode_weight' noenhanced offset 0,0.3
set ylabel '' noenhanced
unset logscale x
set xrange [0.47:1.03]
set xtics autofreq
unset logscale y
set yrange [-0.54697251:3.4270518]
set ytics ('0' 0 0, '10^{−3}' 0.76129982 0, '10^{−2}' 1.7482014 0, '10^{−1}' 2.7480643 0)
set title '10 apart' noenhanced
set object 1 rectangle from graph 0, graph 0 to graph 1, first 0.38277569 behind fillcolor rgb '#000000' fillstyle solid 0.09 noborder
set arrow 1 from graph 0, first 0.38277569 to graph 1, first 0.38277569 nohead back linecolor rgb '#777777' linewidth 1 dashtype (2,3)
plot 'mmd-by-first_mode_weight.dat' index 3 using 1:(asinh($2/0.000357246)/log(10)):(asinh(($3<-0.00057868022?-0.00057868022:$3>0.477517?0.477517:$3)/0.000357246)/log(10)):(asinh(($4<-0.00057868022?-0.00057868022:$4>0.477517?0.477517:$4)/0.000357246)/log(10)) with yerrorbars pointtype 0 linewidth 1.1 dashtype solid linecolor rgb '#0072B2' notitle, \
     'mmd-by-first_mode_weight.dat' index 3 using 1:(asinh($2/0.000357246)/log(10)) with linespoints linestyle 1 notitle
unset object 1
unset arrow 1
unset label
set lmargin at screen 0
set rmargin at screen 1
set tmargin at screen 0.05686
set bmargin at screen 0.01003
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
plot NaN with linespoints linestyle 1 title 'exact-oracle', NaN with filledcurves linecolor rgb '#000000' fillstyle solid 0.13 noborder title 'noise floor (95 %)'
unset multiplot
