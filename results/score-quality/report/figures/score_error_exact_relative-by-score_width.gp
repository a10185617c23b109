# gnuplot -e "format='svg'" score_error_exact_relative-by-score_width.gp   (or png, pdf)
if (!exists("format")) format = 'svg'
base = format eq 'svg' ? 12 : 9  # font size: pixels of an SVG, points else
if (format eq 'svg') set terminal svg enhanced rounded size 1000,333 font 'Helvetica,12' background '#ffffff'
if (format eq 'png') set terminal pngcairo enhanced rounded size 1500,500 font 'Helvetica,9' fontscale 1.5 linewidth 1.5 pointscale 1.5 background '#ffffff'
if (format eq 'pdf') set terminal pdfcairo enhanced rounded size 10.417in,3.469in font 'Helvetica,9' fontscale 1
size_of(share) = sprintf(',%.1f', share * base)
set output 'score_error_exact_relative-by-score_width.'.format
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
set ylabel 'score_error_exact_relative' noenhanced
set logscale x
set xrange [14.420007:142.02489]
set xtics ('20' 20 0, '' 30 1, '' 40 1, '50' 50 0, '' 60 1, '' 70 1, '' 80 1, '' 90 1, '100' 100 0)
set logscale y
set yrange [0.00053001277:0.022477357]
set ytics ('' 0.0006 1, '' 0.0007 1, '' 0.0008 1, '' 0.0009 1, '0.001' 0.001 0, '0.002' 0.002 0, '' 0.003 1, '' 0.004 1, '0.005' 0.005 0, '' 0.006 1, '' 0.007 1, '' 0.008 1, '' 0.009 1, '0.01' 0.01 0, '0.02' 0.02 0)
set title 'gaussian' noenhanced
plot 'score_error_exact_relative-by-score_width.dat' index 0 using 1:($2):(($3<0.00053001277?0.00053001277:$3>0.022477357?0.022477357:$3)):(($4<0.00053001277?0.00053001277:$4>0.022477357?0.022477357:$4)) with yerrorbars pointtype 0 linewidth 1.1 dashtype solid linecolor rgb '#0072B2' notitle, \
     'score_error_exact_relative-by-score_width.dat' index 0 using 1:($2) with linespoints linestyle 1 notitle
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
set yrange [0.0062407995:0.25439905]
set ytics ('' 0.007 1, '' 0.008 1, '' 0.009 1, '0.01' 0.01 0, '0.02' 0.02 0, '' 0.03 1, '' 0.04 1, '0.05' 0.05 0, '' 0.06 1, '' 0.07 1, '' 0.08 1, '' 0.09 1, '0.1' 0.1 0, '0.2' 0.2 0)
set title 'mog2' noenhanced
plot 'score_error_exact_relative-by-score_width.dat' index 1 using 1:($2):(($3<0.0062407995?0.0062407995:$3>0.25439905?0.25439905:$3)):(($4<0.0062407995?0.0062407995:$4>0.25439905?0.25439905:$4)) with yerrorbars pointtype 0 linewidth 1.1 dashtype solid linecolor rgb '#0072B2' notitle, \
     'score_error_exact_relative-by-score_width.dat' index 1 using 1:($2) with linespoints linestyle 1 notitle
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
set yrange [0.058271647:0.56901567]
set ytics ('' 0.06 1, '' 0.07 1, '' 0.08 1, '' 0.09 1, '0.1' 0.1 0, '0.2' 0.2 0, '' 0.3 1, '' 0.4 1, '0.5' 0.5 0)
set title 'donut' noenhanced
plot 'score_error_exact_relative-by-score_width.dat' index 2 using 1:($2):(($3<0.058271647?0.058271647:$3>0.56901567?0.56901567:$3)):(($4<0.058271647?0.058271647:$4>0.56901567?0.56901567:$4)) with yerrorbars pointtype 0 linewidth 1.1 dashtype solid linecolor rgb '#0072B2' notitle, \
     'score_error_exact_relative-by-score_width.dat' index 2 using 1:($2) with linespoints linestyle 1 notitle
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
