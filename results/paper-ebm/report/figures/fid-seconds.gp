# gnuplot -e "format='svg'" fid-seconds.gp   (or png, pdf)
if (!exists("format")) format = 'svg'
base = format eq 'svg' ? 12 : 9  # font size: pixels of an SVG, points else
if (format eq 'svg') set terminal svg enhanced rounded size 620,373 font 'Helvetica,12' background '#ffffff'
if (format eq 'png') set terminal pngcairo enhanced rounded size 930,560 font 'Helvetica,9' fontscale 1.5 linewidth 1.5 pointscale 1.5 background '#ffffff'
if (format eq 'pdf') set terminal pdfcairo enhanced rounded size 6.458in,3.885in font 'Helvetica,9' fontscale 1
size_of(share) = sprintf(',%.1f', share * base)
set output 'fid-seconds.'.format
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
set lmargin at screen 0.11935
set rmargin at screen 0.97742
set tmargin at screen 0.91957
set bmargin at screen 0.36997
set xlabel 'training time [s]' noenhanced offset 0,0.3
set ylabel 'fid' noenhanced
set logscale x
set xrange [16.010621:578.00195]
set xtics ('20' 20 0, '' 30 1, '' 40 1, '50' 50 0, '' 60 1, '' 70 1, '' 80 1, '' 90 1, '100' 100 0, '200' 200 0, '' 300 1, '' 400 1, '500' 500 0)
set logscale y
set yrange [1.6774589:1804.5958]
set ytics ('' 2 1, '' 3 1, '' 4 1, '' 5 1, '' 6 1, '' 7 1, '' 8 1, '' 9 1, '10' 10 0, '' 20 1, '' 30 1, '' 40 1, '' 50 1, '' 60 1, '' 70 1, '' 80 1, '' 90 1, '10^{2}' 100 0, '' 200 1, '' 300 1, '' 400 1, '' 500 1, '' 600 1, '' 700 1, '' 800 1, '' 900 1, '10^{3}' 1000 0)
set title 'mnist' noenhanced
set object 1 rectangle from graph 0, graph 0 to graph 1, first 2.3038686 behind fillcolor rgb '#000000' fillstyle solid 0.09 noborder
set arrow 1 from graph 0, first 2.3038686 to graph 1, first 2.3038686 nohead back linecolor rgb '#777777' linewidth 1 dashtype (2,3)
plot 'fid.dat' index 0 using ($1>0?$1:NaN):($4):($5) with filledcurves linecolor rgb '#0072B2' fillstyle transparent solid 0.16 noborder notitle, \
     'fid.dat' index 1 using ($1>0?$1:NaN):($4):($5) with filledcurves linecolor rgb '#D55E00' fillstyle transparent solid 0.16 noborder notitle, \
     'fid.dat' index 2 using ($1>0?$1:NaN):($4):($5) with filledcurves linecolor rgb '#009E73' fillstyle transparent solid 0.16 noborder notitle, \
     'fid.dat' index 3 using ($1<0.5?16.010621:578.00195):(($4<1.6774589?1.6774589:$4>1804.5958?1804.5958:$4)):(($5<1.6774589?1.6774589:$5>1804.5958?1804.5958:$5)) with filledcurves linecolor rgb '#CC79A7' fillstyle transparent solid 0.1 noborder notitle, \
     'fid.dat' index 4 using ($1<0.5?16.010621:578.00195):(($4<1.6774589?1.6774589:$4>1804.5958?1804.5958:$4)):(($5<1.6774589?1.6774589:$5>1804.5958?1804.5958:$5)) with filledcurves linecolor rgb '#E69F00' fillstyle transparent solid 0.1 noborder notitle, \
     'fid.dat' index 0 using ($1>0?$1:NaN):($3) with linespoints linestyle 1 notitle, \
     'fid.dat' index 1 using ($1>0?$1:NaN):($3) with linespoints linestyle 2 notitle, \
     'fid.dat' index 2 using ($1>0?$1:NaN):($3) with linespoints linestyle 3 notitle, \
     'fid.dat' index 3 using ($1<0.5?16.010621:578.00195):($3) with lines linestyle 4 notitle, \
     'fid.dat' index 4 using ($1<0.5?16.010621:578.00195):($3) with lines linestyle 5 notitle
unset object 1
unset arrow 1
set lmargin at screen 0
set rmargin at screen 1
set tmargin at screen 0.19839
set bmargin at screen 0.01609
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
plot NaN with linespoints linestyle 1 title 'dft-images', NaN with linespoints linestyle 2 title 'kl-images', NaN with linespoints linestyle 3 title 'fisher-images', NaN with lines linestyle 4 title 'annealed-langevin-10', NaN with lines linestyle 5 title 'annealed-langevin-200', NaN with filledcurves linecolor rgb '#000000' fillstyle solid 0.13 noborder title 'noise floor (95 %)'
unset multiplot
