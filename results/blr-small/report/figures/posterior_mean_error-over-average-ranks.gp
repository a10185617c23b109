# gnuplot -e "format='svg'" posterior_mean_error-over-average-ranks.gp   (or png, pdf)
if (!exists("format")) format = 'svg'
base = format eq 'svg' ? 12 : 9  # font size: pixels of an SVG, points else
if (format eq 'svg') set terminal svg enhanced rounded size 820,560 font 'Helvetica,12' background '#ffffff'
if (format eq 'png') set terminal pngcairo enhanced rounded size 1230,840 font 'Helvetica,9' fontscale 1.5 linewidth 1.5 pointscale 1.5 background '#ffffff'
if (format eq 'pdf') set terminal pdfcairo enhanced rounded size 8.542in,5.833in font 'Helvetica,9' fontscale 1
size_of(share) = sprintf(',%.1f', share * base)
set output 'posterior_mean_error-over-average-ranks.'.format
set encoding utf8
set border 3 linewidth 0.8 linecolor rgb '#333333'
set tics nomirror out scale 0.6,0.3 textcolor rgb '#222222'
set title offset 0,-0.6 font size_of(1.08)
set grid xtics ytics linecolor rgb '#e6e6e6' linewidth 0.6 dashtype solid
unset key
set linetype 1 linecolor rgb '#0072B2' linewidth 1.7 dashtype solid pointtype 7 pointsize 0.55
set style line 1 linecolor rgb '#0072B2' linewidth 1.7 dashtype solid pointtype 7 pointsize 0.55
set yrange [15.5:0.5]
set ytics ('hmc' 1, 'nuts' 2, 'coupling-flow' 3, 'mala' 4, 'ula' 5, 'sgld' 6, 'dsvi, minibatches' 7, 'kl' 8, 'svgd' 9, 'kl, minibatches' 10, 'stein-critic' 11, 'fisher' 12, 'stein-ksd' 13, 'dft, minibatches' 14, 'dft' 15) noenhanced
set xrange [0.5:15.5]
set xlabel 'mean rank over 4 data sets (1 is best)' noenhanced
unset key
set object 1 rectangle from 1.875, graph 0 to 12.599, graph 1 fillcolor rgb '#bbbbbb' fillstyle solid 0.25 noborder behind
plot 'posterior_mean_error-over-average-ranks.dat' using 2:1:3 with xerrorbars linestyle 1 linewidth 2 pointtype 7 notitle
