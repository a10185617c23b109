# gnuplot -e "format='svg'" score_error_draws_relative-by-score_width.gp   (or png, pdf)
if (!exists("format")) format = 'svg'
base = format eq 'svg' ? 12 : 9  # font size: pixels of an SVG, points else
if (format eq 'svg') set terminal svg enhanced rounded size 1000,333 font 'Helvetica,12' background '#ffffff'
if (format eq 'png') set terminal pngcairo enhanced rounded size 1500,500 font 'Helvetica,9' fontscale 1.5 linewidth 1.5 pointscale 1.5 background '#ffffff'
if (format eq 'pdf') set terminal pdfcairo enhanced rounded size 10.417in,3.469in font 'Helvetica,9' fontscale 1
size_of(share) = sprintf(',%.1f', share * base)
set output 'score_error_draws_relative-by-score_width.'.format
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
set ylabel 'score_error_draws_relative' noenhanced
set logscale x
set xrange [14.420007:142.02489]
set xtics ('20' 20 0, '' 30 1, '' 40 1, '50' 50 0, '' 60 1, '' 70 1, '' 80 1, '' 90 1, '100' 100 0)
set logscale y
set yrange [0.016921098:2.039948]
set ytics ('0.02' 0.02 0, '' 0.03 1, '' 0.04 1, '0.05' 0.05 0, '' 0.06 1, '' 0.07 1, '' 0.08 1, '' 0.09 1, '0.1' 0.1 0, '0.2' 0.2 0, '' 0.3 1, '' 0.4 1, '0.5' 0.5 0, '' 0.6 1, '' 0.7 1, '' 0.8 1, '' 0.9 1, '1' 1 0, '2' 2 0)
set title 'gaussian' noenhanced
plot 'score_error_draws_relative-by-score_width.dat' index 0 using 1:($2):(($3<0.016921098?0.016921098:$3>2.039948?2.039948:$3)):(($4<0.016921098?0.016921098:$4>2.039948?2.039948:$4)) with yerrorbars pointtype 0 linewidth 1.1 dashtype solid linecolor rgb '#0072B2' notitle, \
     'score_error_draws_relative-by-score_width.dat' index 0 using 1:($2) with linespoints linestyle 1 notitle
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
set yrange [0.14008225:1.2252404]
set ytics ('0.2' 0.2 0, '' 0.3 1, '' 0.4 1, '0.5' 0.5 0, '' 0.6 1, '' 0.7 1, '' 0.8 1, '' 0.9 1, '1' 1 0)
set title 'mog2' noenhanced
plot 'score_error_draws_relative-by-score_width.dat' index 1 using 1:($2):(($3<0.14008225?0.14008225:$3>1.2252404?1.2252404:$3)):(($4<0.14008225?0.14008225:$4>1.2252404?1.2252404:$4)) with yerrorbars pointtype 0 linewidth 1.1 dashtype solid linecolor rgb '#0072B2' notitle, \
     'score_error_draws_relative-by-score_width.dat' index 1 using 1:($2) with linespoints linestyle 1 notitle
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
set yrange [0.012073442:0.79283375]
set ytics ('0.02' 0.02 0, '' 0.03 1, '' 0.04 1, '0.05' 0.05 0, '' 0.06 1, '' 0.07 1, '' 0.08 1, '' 0.09 1, '0.1' 0.1 0, '0.2' 0.2 0, '' 0.3 1, '' 0.4 1, '0.5' 0.5 0, '' 0.6 1, '' 0.7 1)
set title 'donut' noenhanced
plot 'score_error_draws_relative-by-score_width.dat' index 2 using 1:($2):(($3<0.012073442?0.012073442:$3>0.79283375?0.79283375:$3)):(($4<0.012073442?0.012073442:$4>0.79283375?0.79283375:$4)) with yerrorbars pointtype 0 linewidth 1.1 dashtype solid linecolor rgb '#0072B2' notitle, \
     'score_error_draws_relative-by-score_width.dat' index 2 using 1:($2) with linespoints linestyle 1 notitle
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
set key noenhanced center center horizontal Left reverse samplen 3.2 spacing 1.15 width 1 maxcols 1
plot NaN with linespoints linestyle 1 title 'dft:score_steps=5,sigma=0.1'
unset multiplot
