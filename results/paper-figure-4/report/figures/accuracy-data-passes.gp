# gnuplot -e "format='svg'" accuracy-data-passes.gp   (or png, pdf)
if (!exists("format")) format = 'svg'
base = format eq 'svg' ? 12 : 9  # font size: pixels of an SVG, points else
if (format eq 'svg') set terminal svg enhanced rounded size 620,333 font 'Helvetica,12' background '#ffffff'
if (format eq 'png') set terminal pngcairo enhanced rounded size 930,500 font 'Helvetica,9' fontscale 1.5 linewidth 1.5 pointscale 1.5 background '#ffffff'
if (format eq 'pdf') set terminal pdfcairo enhanced rounded size 6.458in,3.469in font 'Helvetica,9' fontscale 1
size_of(share) = sprintf(',%.1f', share * base)
set output 'accuracy-data-passes.'.format
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
set multiplot
set lmargin at screen 0.11935
set rmargin at screen 0.97742
set tmargin at screen 0.90991
set bmargin at screen 0.29429
set xlabel 'passes over the data' noenhanced offset 0,0.3
set ylabel 'accuracy' noenhanced
set logscale x
set xrange [2.08664:3257.2157]
set xtics ('' 3 1, '' 4 1, '' 5 1, '' 6 1, '' 7 1, '' 8 1, '' 9 1, '10' 10 0, '' 20 1, '' 30 1, '' 40 1, '' 50 1, '' 60 1, '' 70 1, '' 80 1, '' 90 1, '10^{2}' 100 0, '' 200 1, '' 300 1, '' 400 1, '' 500 1, '' 600 1, '' 700 1, '' 800 1, '' 900 1, '10^{3}' 1000 0, '' 2000 1, '' 3000 1)
unset logscale y
set yrange [47.914788:77.307237]
set ytics autofreq
set title 'covertype' noenhanced
plot 'accuracy.dat' index 0 using ($2>0?$2:NaN):($4):($5) with filledcurves linecolor rgb '#0072B2' fillstyle transparent solid 0.16 noborder notitle, \
     'accuracy.dat' index 1 using ($2>0?$2:NaN):($4):($5) with filledcurves linecolor rgb '#D55E00' fillstyle transparent solid 0.16 noborder notitle, \
     'accuracy.dat' index 0 using ($2>0?$2:NaN):($3) with linespoints linestyle 1 pointinterval 2 notitle, \
     'accuracy.dat' index 1 using ($2>0?$2:NaN):($3) with linespoints linestyle 2 pointinterval 2 notitle
unset object 1
unset arrow 1
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
plot NaN with linespoints linestyle 1 title 'kl', NaN with linespoints linestyle 2 title 'dft'
unset multiplot
