# gnuplot -e "format='svg'" energy_distance-by-first_mode_weight.gp   (or png, pdf)
if (!exists("format")) format = 'svg'
base = format eq 'svg' ? 12 : 9  # font size: pixels of an SVG, points else
if (format eq 'svg') set terminal svg enhanced rounded size 1000,598 font 'Helvetica,12' background '#ffffff'
if (format eq 'png') set terminal pngcairo enhanced rounded size 1500,897 font 'Helvetica,9' fontscale 1.5 linewidth 1.5 pointscale 1.5 background '#ffffff'
if (format eq 'pdf') set terminal pdfcairo enhanced rounded size 10.417in,6.229in font 'Helvetica,9' fontscale 1
size_of(share) = sprintf(',%.1f', share * base)
set output 'energy_distance-by-first_mode_weight.'.format
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
set ylabel 'energy_distance' noenhanced
unset logscale x
set xrange [0.47:1.03]
set xtics autofreq
set logscale y
set yrange [0.026225636:0.9113229]
set ytics ('' 0.03 1, '' 0.04 1, '0.05' 0.05 0, '' 0.06 1, '' 0.07 1, '' 0.08 1, '' 0.09 1, '0.1' 0.1 0, '0.2' 0.2 0, '' 0.3 1, '' 0.4 1, '0.5' 0.5 0, '' 0.6 1, '' 0.7 1, '' 0.8 1, '' 0.9 1)
set title '2 apart' noenhanced
set object 1 rectangle from graph 0, graph 0 to graph 1, first 0.055979029 behind fillcolor rgb '#000000' fillstyle solid 0.09 noborder
set arrow 1 from graph 0, first 0.055979029 to graph 1, first 0.055979029 nohead back linecolor rgb '#777777' linewidth 1 dashtype (2,3)
plot 'energy_distance-by-first_mode_weight.dat' index 0 using 1:($2):(($3<0.026225636?0.026225636:$3>0.9113229?0.9113229:$3)):(($4<0.026225636?0.026225636:$4>0.9113229?0.9113229:$4)) with yerrorbars pointtype 0 linewidth 1.1 dashtype solid linecolor rgb '#0072B2' notitle, \
     'energy_distance-by-first_mode_weight.dat' index 0 using 1:($2) with linespoints linestyle 1 notitle
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
set yrange [0.02316781:1.4655061]
set ytics ('' 0.03 1, '' 0.04 1, '0.05' 0.05 0, '' 0.06 1, '' 0.07 1, '' 0.08 1, '' 0.09 1, '0.1' 0.1 0, '0.2' 0.2 0, '' 0.3 1, '' 0.4 1, '0.5' 0.5 0, '' 0.6 1, '' 0.7 1, '' 0.8 1, '' 0.9 1, '1' 1 0)
set title '4 apart' noenhanced
set object 1 rectangle from graph 0, graph 0 to graph 1, first 0.089932324 behind fillcolor rgb '#000000' fillstyle solid 0.09 noborder
set arrow 1 from graph 0, first 0.089932324 to graph 1, first 0.089932324 nohead back linecolor rgb '#777777' linewidth 1 dashtype (2,3)
plot 'energy_distance-by-first_mode_weight.dat' index 1 using 1:($2):(($3<0.02316781?0.02316781:$3>1.4655061?1.4655061:$3)):(($4<0.02316781?0.02316781:$4>1.4655061?1.4655061:$4)) with yerrorbars pointtype 0 linewidth 1.1 dashtype solid linecolor rgb '#0072B2' notitle, \
     'energy_distance-by-first_mode_weight.dat' index 1 using 1:($2) with linespoints linestyle 1 notitle
unset object 1
unset arrow 1
unset label
set lmargin at screen 0.07400
set rmargin at screen 0.50100
set tmargin at screen 0.50669
set bmargin at screen 0.16388
set xlabel 'first_mode_weight' noenhanced offset 0,0.3
set ylabel 'energy_distance' noenhanced
unset logscale x
set xrange [0.47:1.03]
set xtics autofreq
set logscale y
set yrange [0.022772268:1.9427084]
set ytics ('' 0.03 1, '' 0.04 1, '0.05' 0.05 0, '' 0.06 1, '' 0.07 1, '' 0.08 1, '' 0.09 1, '0.1' 0.1 0, '0.2' 0.2 0, '' 0.3 1, '' 0.4 1, '0.5' 0.5 0, '' 0.6 1, '' 0.7 1, '' 0.8 1, '' 0.9 1, '1' 1 0)
set title '6 apart' noenhanced
set object 1 rectangle from graph 0, graph 0 to graph 1, first 0.090063447 behind fillcolor rgb '#000000' fillstyle solid 0.09 noborder
set arrow 1 from graph 0, first 0.090063447 to graph 1, first 0.090063447 nohead back linecolor rgb '#777777' linewidth 1 dashtype (2,3)
plot 'energy_distance-by-first_mode_weight.dat' index 2 using 1:($2):(($3<0.022772268?0.022772268:$3>1.9427084?1.9427084:$3)):(($4<0.022772268?0.022772268:$4>1.9427084?1.9427084:$4)) with yerrorbars pointtype 0 linewidth 1.1 dashtype solid linecolor rgb '#0072B2' notitle, \
     'energy_distance-by-first_mode_weight.dat' index 2 using 1:($2) with linespoints linestyle 1 notitle
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
set yrange [0.020155072:2.7574706]
set ytics ('' 0.03 1, '' 0.04 1, '0.05' 0.05 0, '' 0.06 1, '' 0.07 1, '' 0.08 1, '' 0.09 1, '0.1' 0.1 0, '0.2' 0.2 0, '' 0.3 1, '' 0.4 1, '0.5' 0.5 0, '' 0.6 1, '' 0.7 1, '' 0.8 1, '' 0.9 1, '1' 1 0, '2' 2 0)
set title '10 apart' noenhanced
set object 1 rectangle from graph 0, graph 0 to graph 1, first 0.10927196 behind fillcolor rgb '#000000' fillstyle solid 0.09 noborder
set arrow 1 from graph 0, first 0.10927196 to graph 1, first 0.10927196 nohead back linecolor rgb '#777777' linewidth 1 dashtype (2,3)
plot 'energy_distance-by-first_mode_weight.dat' index 3 using 1:($2):(($3<0.020155072?0.020155072:$3>2.7574706?2.7574706:$3)):(($4<0.020155072?0.020155072:$4>2.7574706?2.7574706:$4)) with yerrorbars pointtype 0 linewidth 1.1 dashtype solid linecolor rgb '#0072B2' notitle, \
     'energy_distance-by-first_mode_weight.dat' index 3 using 1:($2) with linespoints linestyle 1 notitle
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
