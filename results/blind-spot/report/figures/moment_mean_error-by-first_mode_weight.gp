# gnuplot -e "format='svg'" moment_mean_error-by-first_mode_weight.gp   (or png, pdf)
if (!exists("format")) format = 'svg'
base = format eq 'svg' ? 12 : 9  # font size: pixels of an SVG, points else
if (format eq 'svg') set terminal svg enhanced rounded size 1000,598 font 'Helvetica,12' background '#ffffff'
if (format eq 'png') set terminal pngcairo enhanced rounded size 1500,897 font 'Helvetica,9' fontscale 1.5 linewidth 1.5 pointscale 1.5 background '#ffffff'
if (format eq 'pdf') set terminal pdfcairo enhanced rounded size 10.417in,6.229in font 'Helvetica,9' fontscale 1
size_of(share) = sprintf(',%.1f', share * base)
set output 'moment_mean_error-by-first_mode_weight.'.format
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
set ylabel 'moment_mean_error' noenhanced
unset logscale x
set xrange [0.47:1.03]
set xtics autofreq
set logscale y
set yrange [0.46427964:47.687121]
set ytics ('0.5' 0.5 0, '' 0.6 1, '' 0.7 1, '' 0.8 1, '' 0.9 1, '1' 1 0, '2' 2 0, '' 3 1, '' 4 1, '5' 5 0, '' 6 1, '' 7 1, '' 8 1, '' 9 1, '10' 10 0, '20' 20 0, '' 30 1, '' 40 1)
set title '2 apart' noenhanced
set object 1 rectangle from graph 0, graph 0 to graph 1, first 2.1152412 behind fillcolor rgb '#000000' fillstyle solid 0.09 noborder
set arrow 1 from graph 0, first 2.1152412 to graph 1, first 2.1152412 nohead back linecolor rgb '#777777' linewidth 1 dashtype (2,3)
plot 'moment_mean_error-by-first_mode_weight.dat' index 0 using 1:($2):(($3<0.46427964?0.46427964:$3>47.687121?47.687121:$3)):(($4<0.46427964?0.46427964:$4>47.687121?47.687121:$4)) with yerrorbars pointtype 0 linewidth 1.1 dashtype solid linecolor rgb '#0072B2' notitle, \
     'moment_mean_error-by-first_mode_weight.dat' index 0 using 1:($2) with linespoints linestyle 1 notitle
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
set logscale y
set yrange [0.71070868:51.54233]
set ytics ('' 0.8 1, '' 0.9 1, '1' 1 0, '2' 2 0, '' 3 1, '' 4 1, '5' 5 0, '' 6 1, '' 7 1, '' 8 1, '' 9 1, '10' 10 0, '20' 20 0, '' 30 1, '' 40 1, '50' 50 0)
set title '4 apart' noenhanced
set object 1 rectangle from graph 0, graph 0 to graph 1, first 2.023607 behind fillcolor rgb '#000000' fillstyle solid 0.09 noborder
set arrow 1 from graph 0, first 2.023607 to graph 1, first 2.023607 nohead back linecolor rgb '#777777' linewidth 1 dashtype (2,3)
plot 'moment_mean_error-by-first_mode_weight.dat' index 1 using 1:($2):(($3<0.71070868?0.71070868:$3>51.54233?51.54233:$3)):(($4<0.71070868?0.71070868:$4>51.54233?51.54233:$4)) with yerrorbars pointtype 0 linewidth 1.1 dashtype solid linecolor rgb '#0072B2' notitle, \
     'moment_mean_error-by-first_mode_weight.dat' index 1 using 1:($2) with linespoints linestyle 1 notitle
unset object 1
unset arrow 1
unset label
set lmargin at screen 0.07400
set rmargin at screen 0.50100
set tmargin at screen 0.50669
set bmargin at screen 0.16388
set xlabel 'first_mode_weight' noenhanced offset 0,0.3
set ylabel 'moment_mean_error' noenhanced
unset logscale x
set xrange [0.47:1.03]
set xtics autofreq
set logscale y
set yrange [0.22766973:56.121836]
set ytics ('' 0.3 1, '' 0.4 1, '0.5' 0.5 0, '' 0.6 1, '' 0.7 1, '' 0.8 1, '' 0.9 1, '1' 1 0, '2' 2 0, '' 3 1, '' 4 1, '5' 5 0, '' 6 1, '' 7 1, '' 8 1, '' 9 1, '10' 10 0, '20' 20 0, '' 30 1, '' 40 1, '50' 50 0)
set title '6 apart' noenhanced
set object 1 rectangle from graph 0, graph 0 to graph 1, first 2.1959758 behind fillcolor rgb '#000000' fillstyle solid 0.09 noborder
set arrow 1 from graph 0, first 2.1959758 to graph 1, first 2.1959758 nohead back linecolor rgb '#777777' linewidth 1 dashtype (2,3)
plot 'moment_mean_error-by-first_mode_weight.dat' index 2 using 1:($2):(($3<0.22766973?0.22766973:$3>56.121836?56.121836:$3)):(($4<0.22766973?0.22766973:$4>56.121836?56.121836:$4)) with yerrorbars pointtype 0 linewidth 1.1 dashtype solid linecolor rgb '#0072B2' notitle, \
     'moment_mean_error-by-first_mode_weight.dat' index 2 using 1:($2) with linespoints linestyle 1 notitle
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
set logscale y
set yrange [0.28034888:56.309049]
set ytics ('' 0.3 1, '' 0.4 1, '0.5' 0.5 0, '' 0.6 1, '' 0.7 1, '' 0.8 1, '' 0.9 1, '1' 1 0, '2' 2 0, '' 3 1, '' 4 1, '5' 5 0, '' 6 1, '' 7 1, '' 8 1, '' 9 1, '10' 10 0, '20' 20 0, '' 30 1, '' 40 1, '50' 50 0)
set title '10 apart' noenhanced
set object 1 rectangle from graph 0, graph 0 to graph 1, first 1.9013464 behind fillcolor rgb '#000000' fillstyle solid 0.09 noborder
set arrow 1 from graph 0, first 1.9013464 to graph 1, first 1.9013464 nohead back linecolor rgb '#777777' linewidth 1 dashtype (2,3)
plot 'moment_mean_error-by-first_mode_weight.dat' index 3 using 1:($2):(($3<0.28034888?0.28034888:$3>56.309049?56.309049:$3)):(($4<0.28034888?0.28034888:$4>56.309049?56.309049:$4)) with yerrorbars pointtype 0 linewidth 1.1 dashtype solid linecolor rgb '#0072B2' notitle, \
     'moment_mean_error-by-first_mode_weight.dat' index 3 using 1:($2) with linespoints linestyle 1 notitle
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
