# gnuplot -e "format='svg'" score_error_exact_relative-by-sigma.gp   (or png, pdf)
if (!exists("format")) format = 'svg'
base = format eq 'svg' ? 12 : 9  # font size: pixels of an SVG, points else
if (format eq 'svg') set terminal svg enhanced rounded size 1000,353 font 'Helvetica,12' background '#ffffff'
if (format eq 'png') set terminal pngcairo enhanced rounded size 1500,530 font 'Helvetica,9' fontscale 1.5 linewidth 1.5 pointscale 1.5 background '#ffffff'
if (format eq 'pdf') set terminal pdfcairo enhanced rounded size 10.417in,3.677in font 'Helvetica,9' fontscale 1
size_of(share) = sprintf(',%.1f', share * base)
set output 'score_error_exact_relative-by-sigma.'.format
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
set bars 0.4
set clip two
set multiplot
set lmargin at screen 0.07400
set rmargin at screen 0.33933
set tmargin at screen 0.91501
set bmargin at screen 0.33428
set xlabel 'sigma' noenhanced offset 0,0.3
set ylabel 'score_error_exact_relative' noenhanced
set logscale x
set xrange [0.026737528:0.33660554]
set xtics ('' 0.03 1, '' 0.04 1, '0.05' 0.05 0, '' 0.06 1, '' 0.07 1, '' 0.08 1, '' 0.09 1, '0.1' 0.1 0, '0.2' 0.2 0, '' 0.3 1)
set logscale y
set yrange [9.4334526e-05:0.96764376]
set ytics ('10^{−4}' 0.0001 0, '' 0.0002 1, '' 0.0003 1, '' 0.0004 1, '' 0.0005 1, '' 0.0006 1, '' 0.0007 1, '' 0.0008 1, '' 0.0009 1, '10^{−3}' 0.001 0, '' 0.002 1, '' 0.003 1, '' 0.004 1, '' 0.005 1, '' 0.006 1, '' 0.007 1, '' 0.008 1, '' 0.009 1, '10^{−2}' 0.01 0, '' 0.02 1, '' 0.03 1, '' 0.04 1, '' 0.05 1, '' 0.06 1, '' 0.07 1, '' 0.08 1, '' 0.09 1, '10^{−1}' 0.1 0, '' 0.2 1, '' 0.3 1, '' 0.4 1, '' 0.5 1, '' 0.6 1, '' 0.7 1, '' 0.8 1, '' 0.9 1)
set title 'gaussian' noenhanced
plot 'score_error_exact_relative-by-sigma.dat' index 0 using ($1*0.970063):($2):(($3<9.4334526e-05?9.4334526e-05:$3>0.96764376?0.96764376:$3)):(($4<9.4334526e-05?9.4334526e-05:$4>0.96764376?0.96764376:$4)) with yerrorbars pointtype 0 linewidth 1.1 dashtype solid linecolor rgb '#0072B2' notitle, \
     'score_error_exact_relative-by-sigma.dat' index 0 using ($1*0.970063):($2) with linespoints linestyle 1 notitle, \
     'score_error_exact_relative-by-sigma.dat' index 1 using ($1*0.98992):($2):(($3<9.4334526e-05?9.4334526e-05:$3>0.96764376?0.96764376:$3)):(($4<9.4334526e-05?9.4334526e-05:$4>0.96764376?0.96764376:$4)) with yerrorbars pointtype 0 linewidth 1.1 dashtype solid linecolor rgb '#D55E00' notitle, \
     'score_error_exact_relative-by-sigma.dat' index 1 using ($1*0.98992):($2) with linespoints linestyle 2 notitle, \
     'score_error_exact_relative-by-sigma.dat' index 2 using ($1*1.01018):($2):(($3<9.4334526e-05?9.4334526e-05:$3>0.96764376?0.96764376:$3)):(($4<9.4334526e-05?9.4334526e-05:$4>0.96764376?0.96764376:$4)) with yerrorbars pointtype 0 linewidth 1.1 dashtype solid linecolor rgb '#009E73' notitle, \
     'score_error_exact_relative-by-sigma.dat' index 2 using ($1*1.01018):($2) with linespoints linestyle 3 notitle, \
     'score_error_exact_relative-by-sigma.dat' index 3 using ($1*1.03086):($2):(($3<9.4334526e-05?9.4334526e-05:$3>0.96764376?0.96764376:$3)):(($4<9.4334526e-05?9.4334526e-05:$4>0.96764376?0.96764376:$4)) with yerrorbars pointtype 0 linewidth 1.1 dashtype solid linecolor rgb '#CC79A7' notitle, \
     'score_error_exact_relative-by-sigma.dat' index 3 using ($1*1.03086):($2) with linespoints linestyle 4 notitle
unset object 1
unset arrow 1
unset label
set lmargin at screen 0.39733
set rmargin at screen 0.66267
set tmargin at screen 0.91501
set bmargin at screen 0.33428
set xlabel 'sigma' noenhanced offset 0,0.3
set ylabel '' noenhanced
set logscale x
set xrange [0.026737528:0.33660554]
set xtics ('' 0.03 1, '' 0.04 1, '0.05' 0.05 0, '' 0.06 1, '' 0.07 1, '' 0.08 1, '' 0.09 1, '0.1' 0.1 0, '0.2' 0.2 0, '' 0.3 1)
set logscale y
set yrange [0.0074381284:0.16590913]
set ytics ('' 0.008 1, '' 0.009 1, '0.01' 0.01 0, '0.02' 0.02 0, '' 0.03 1, '' 0.04 1, '0.05' 0.05 0, '' 0.06 1, '' 0.07 1, '' 0.08 1, '' 0.09 1, '0.1' 0.1 0)
set title 'mog2' noenhanced
plot 'score_error_exact_relative-by-sigma.dat' index 4 using ($1*0.970063):($2):(($3<0.0074381284?0.0074381284:$3>0.16590913?0.16590913:$3)):(($4<0.0074381284?0.0074381284:$4>0.16590913?0.16590913:$4)) with yerrorbars pointtype 0 linewidth 1.1 dashtype solid linecolor rgb '#0072B2' notitle, \
     'score_error_exact_relative-by-sigma.dat' index 4 using ($1*0.970063):($2) with linespoints linestyle 1 notitle, \
     'score_error_exact_relative-by-sigma.dat' index 5 using ($1*0.98992):($2):(($3<0.0074381284?0.0074381284:$3>0.16590913?0.16590913:$3)):(($4<0.0074381284?0.0074381284:$4>0.16590913?0.16590913:$4)) with yerrorbars pointtype 0 linewidth 1.1 dashtype solid linecolor rgb '#D55E00' notitle, \
     'score_error_exact_relative-by-sigma.dat' index 5 using ($1*0.98992):($2) with linespoints linestyle 2 notitle, \
     'score_error_exact_relative-by-sigma.dat' index 6 using ($1*1.01018):($2):(($3<0.0074381284?0.0074381284:$3>0.16590913?0.16590913:$3)):(($4<0.0074381284?0.0074381284:$4>0.16590913?0.16590913:$4)) with yerrorbars pointtype 0 linewidth 1.1 dashtype solid linecolor rgb '#009E73' notitle, \
     'score_error_exact_relative-by-sigma.dat' index 6 using ($1*1.01018):($2) with linespoints linestyle 3 notitle, \
     'score_error_exact_relative-by-sigma.dat' index 7 using ($1*1.03086):($2):(($3<0.0074381284?0.0074381284:$3>0.16590913?0.16590913:$3)):(($4<0.0074381284?0.0074381284:$4>0.16590913?0.16590913:$4)) with yerrorbars pointtype 0 linewidth 1.1 dashtype solid linecolor rgb '#CC79A7' notitle, \
     'score_error_exact_relative-by-sigma.dat' index 7 using ($1*1.03086):($2) with linespoints linestyle 4 notitle
unset object 1
unset arrow 1
unset label
set lmargin at screen 0.72067
set rmargin at screen 0.98600
set tmargin at screen 0.91501
set bmargin at screen 0.33428
set xlabel 'sigma' noenhanced offset 0,0.3
set ylabel '' noenhanced
set logscale x
set xrange [0.026737528:0.33660554]
set xtics ('' 0.03 1, '' 0.04 1, '0.05' 0.05 0, '' 0.06 1, '' 0.07 1, '' 0.08 1, '' 0.09 1, '0.1' 0.1 0, '0.2' 0.2 0, '' 0.3 1)
set logscale y
set yrange [0.0033666356:0.56343955]
set ytics ('' 0.004 1, '0.005' 0.005 0, '' 0.006 1, '' 0.007 1, '' 0.008 1, '' 0.009 1, '0.01' 0.01 0, '0.02' 0.02 0, '' 0.03 1, '' 0.04 1, '0.05' 0.05 0, '' 0.06 1, '' 0.07 1, '' 0.08 1, '' 0.09 1, '0.1' 0.1 0, '0.2' 0.2 0, '' 0.3 1, '' 0.4 1, '0.5' 0.5 0)
set title 'donut' noenhanced
plot 'score_error_exact_relative-by-sigma.dat' index 8 using ($1*0.970063):($2):(($3<0.0033666356?0.0033666356:$3>0.56343955?0.56343955:$3)):(($4<0.0033666356?0.0033666356:$4>0.56343955?0.56343955:$4)) with yerrorbars pointtype 0 linewidth 1.1 dashtype solid linecolor rgb '#0072B2' notitle, \
     'score_error_exact_relative-by-sigma.dat' index 8 using ($1*0.970063):($2) with linespoints linestyle 1 notitle, \
     'score_error_exact_relative-by-sigma.dat' index 9 using ($1*0.98992):($2):(($3<0.0033666356?0.0033666356:$3>0.56343955?0.56343955:$3)):(($4<0.0033666356?0.0033666356:$4>0.56343955?0.56343955:$4)) with yerrorbars pointtype 0 linewidth 1.1 dashtype solid linecolor rgb '#D55E00' notitle, \
     'score_error_exact_relative-by-sigma.dat' index 9 using ($1*0.98992):($2) with linespoints linestyle 2 notitle, \
     'score_error_exact_relative-by-sigma.dat' index 10 using ($1*1.01018):($2):(($3<0.0033666356?0.0033666356:$3>0.56343955?0.56343955:$3)):(($4<0.0033666356?0.0033666356:$4>0.56343955?0.56343955:$4)) with yerrorbars pointtype 0 linewidth 1.1 dashtype solid linecolor rgb '#009E73' notitle, \
     'score_error_exact_relative-by-sigma.dat' index 10 using ($1*1.01018):($2) with linespoints linestyle 3 notitle, \
     'score_error_exact_relative-by-sigma.dat' index 11 using ($1*1.03086):($2):(($3<0.0033666356?0.0033666356:$3>0.56343955?0.56343955:$3)):(($4<0.0033666356?0.0033666356:$4>0.56343955?0.56343955:$4)) with yerrorbars pointtype 0 linewidth 1.1 dashtype solid linecolor rgb '#CC79A7' notitle, \
     'score_error_exact_relative-by-sigma.dat' index 11 using ($1*1.03086):($2) with linespoints linestyle 4 notitle
unset object 1
unset arrow 1
unset label
set lmargin at screen 0
set rmargin at screen 1
set tmargin at screen 0.15297
set bmargin at screen 0.01700
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
plot NaN with linespoints linestyle 1 title 'dft:score_steps=1,score_width=128', NaN with linespoints linestyle 2 title 'dft:score_steps=2,score_width=128', NaN with linespoints linestyle 3 title 'dft:score_steps=5,score_width=128', NaN with linespoints linestyle 4 title 'dft:score_steps=10,score_width=128'
unset multiplot
