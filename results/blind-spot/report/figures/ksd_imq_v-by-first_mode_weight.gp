# gnuplot -e "format='svg'" ksd_imq_v-by-first_mode_weight.gp   (or png, pdf)
if (!exists("format")) format = 'svg'
base = format eq 'svg' ? 12 : 9  # font size: pixels of an SVG, points else
if (format eq 'svg') set terminal svg enhanced rounded size 1000,598 font 'Helvetica,12' background '#ffffff'
if (format eq 'png') set terminal pngcairo enhanced rounded size 1500,897 font 'Helvetica,9' fontscale 1.5 linewidth 1.5 pointscale 1.5 background '#ffffff'
if (format eq 'pdf') set terminal pdfcairo enhanced rounded size 10.417in,6.229in font 'Helvetica,9' fontscale 1
size_of(share) = sprintf(',%.1f', share * base)
set output 'ksd_imq_v-by-first_mode_weight.'.format
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
set ylabel 'ksd_imq_v' noenhanced
unset logscale x
set xrange [0.47:1.03]
set xtics autofreq
set logscale y
set yrange [0.033414813:0.43097138]
set ytics ('' 0.04 1, '0.05' 0.05 0, '' 0.06 1, '' 0.07 1, '' 0.08 1, '' 0.09 1, '0.1' 0.1 0, '0.2' 0.2 0, '' 0.3 1, '' 0.4 1)
set title '2 apart' noenhanced
set object 1 rectangle from graph 0, graph 0 to graph 1, first 0.067863566 behind fillcolor rgb '#000000' fillstyle solid 0.09 noborder
set arrow 1 from graph 0, first 0.067863566 to graph 1, first 0.067863566 nohead back linecolor rgb '#777777' linewidth 1 dashtype (2,3)
plot 'ksd_imq_v-by-first_mode_weight.dat' index 0 using 1:($2):(($3<0.033414813?0.033414813:$3>0.43097138?0.43097138:$3)):(($4<0.033414813?0.033414813:$4>0.43097138?0.43097138:$4)) with yerrorbars pointtype 0 linewidth 1.1 dashtype solid linecolor rgb '#0072B2' notitle, \
     'ksd_imq_v-by-first_mode_weight.dat' index 0 using 1:($2) with linespoints linestyle 1 notitle
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
set yrange [0.034735553:0.075562787]
set ytics autofreq
set title '4 apart' noenhanced
set object 1 rectangle from graph 0, graph 0 to graph 1, first 0.070659132 behind fillcolor rgb '#000000' fillstyle solid 0.09 noborder
set arrow 1 from graph 0, first 0.070659132 to graph 1, first 0.070659132 nohead back linecolor rgb '#777777' linewidth 1 dashtype (2,3)
plot 'ksd_imq_v-by-first_mode_weight.dat' index 1 using 1:($2):(($3<0.034735553?0.034735553:$3>0.075562787?0.075562787:$3)):(($4<0.034735553?0.034735553:$4>0.075562787?0.075562787:$4)) with yerrorbars pointtype 0 linewidth 1.1 dashtype solid linecolor rgb '#0072B2' notitle, \
     'ksd_imq_v-by-first_mode_weight.dat' index 1 using 1:($2) with linespoints linestyle 1 notitle
unset object 1
unset arrow 1
unset label
set lmargin at screen 0.07400
set rmargin at screen 0.50100
set tmargin at screen 0.50669
set bmargin at screen 0.16388
set xlabel 'first_mode_weight' noenhanced offset 0,0.3
set ylabel 'ksd_imq_v' noenhanced
unset logscale x
set xrange [0.47:1.03]
set xtics autofreq
unset logscale y
set yrange [0.033940534:0.078713575]
set ytics autofreq
set title '6 apart' noenhanced
set object 1 rectangle from graph 0, graph 0 to graph 1, first 0.071057786 behind fillcolor rgb '#000000' fillstyle solid 0.09 noborder
set arrow 1 from graph 0, first 0.071057786 to graph 1, first 0.071057786 nohead back linecolor rgb '#777777' linewidth 1 dashtype (2,3)
plot 'ksd_imq_v-by-first_mode_weight.dat' index 2 using 1:($2):(($3<0.033940534?0.033940534:$3>0.078713575?0.078713575:$3)):(($4<0.033940534?0.033940534:$4>0.078713575?0.078713575:$4)) with yerrorbars pointtype 0 linewidth 1.1 dashtype solid linecolor rgb '#0072B2' notitle, \
     'ksd_imq_v-by-first_mode_weight.dat' index 2 using 1:($2) with linespoints linestyle 1 notitle
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
set yrange [0.035760997:0.072345512]
set ytics autofreq
set title '10 apart' noenhanced
set object 1 rectangle from graph 0, graph 0 to graph 1, first 0.07068258 behind fillcolor rgb '#000000' fillstyle solid 0.09 noborder
set arrow 1 from graph 0, first 0.07068258 to graph 1, first 0.07068258 nohead back linecolor rgb '#777777' linewidth 1 dashtype (2,3)
plot 'ksd_imq_v-by-first_mode_weight.dat' index 3 using 1:($2):(($3<0.035760997?0.035760997:$3>0.072345512?0.072345512:$3)):(($4<0.035760997?0.035760997:$4>0.072345512?0.072345512:$4)) with yerrorbars pointtype 0 linewidth 1.1 dashtype solid linecolor rgb '#0072B2' notitle, \
     'ksd_imq_v-by-first_mode_weight.dat' index 3 using 1:($2) with linespoints linestyle 1 notitle
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
