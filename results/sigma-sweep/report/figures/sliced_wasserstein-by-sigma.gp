# gnuplot -e "format='svg'" sliced_wasserstein-by-sigma.gp   (or png, pdf)
if (!exists("format")) format = 'svg'
base = format eq 'svg' ? 12 : 9  # font size: pixels of an SVG, points else
if (format eq 'svg') set terminal svg enhanced rounded size 1000,598 font 'Helvetica,12' background '#ffffff'
if (format eq 'png') set terminal pngcairo enhanced rounded size 1500,897 font 'Helvetica,9' fontscale 1.5 linewidth 1.5 pointscale 1.5 background '#ffffff'
if (format eq 'pdf') set terminal pdfcairo enhanced rounded size 10.417in,6.229in font 'Helvetica,9' fontscale 1
size_of(share) = sprintf(',%.1f', share * base)
set output 'sliced_wasserstein-by-sigma.'.format
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
set bars 0.4
set clip two
set multiplot
set lmargin at screen 0.07400
set rmargin at screen 0.50100
set tmargin at screen 0.94983
set bmargin at screen 0.60702
set xlabel '' noenhanced offset 0,0.3
set ylabel 'sliced_wasserstein' noenhanced
set logscale x
set xrange [0.00070794578:1.4125375]
set xtics ('' 0.0008 1, '' 0.0009 1, '10^{−3}' 0.001 0, '' 0.002 1, '' 0.003 1, '' 0.004 1, '' 0.005 1, '' 0.006 1, '' 0.007 1, '' 0.008 1, '' 0.009 1, '10^{−2}' 0.01 0, '' 0.02 1, '' 0.03 1, '' 0.04 1, '' 0.05 1, '' 0.06 1, '' 0.07 1, '' 0.08 1, '' 0.09 1, '10^{−1}' 0.1 0, '' 0.2 1, '' 0.3 1, '' 0.4 1, '' 0.5 1, '' 0.6 1, '' 0.7 1, '' 0.8 1, '' 0.9 1, '1' 1 0)
set logscale y
set yrange [0.012700817:17.337514]
set ytics ('' 0.02 1, '' 0.03 1, '' 0.04 1, '' 0.05 1, '' 0.06 1, '' 0.07 1, '' 0.08 1, '' 0.09 1, '10^{−1}' 0.1 0, '' 0.2 1, '' 0.3 1, '' 0.4 1, '' 0.5 1, '' 0.6 1, '' 0.7 1, '' 0.8 1, '' 0.9 1, '1' 1 0, '' 2 1, '' 3 1, '' 4 1, '' 5 1, '' 6 1, '' 7 1, '' 8 1, '' 9 1, '10' 10 0)
set title 'gaussian' noenhanced
set object 1 rectangle from graph 0, graph 0 to graph 1, first 0.079814823 behind fillcolor rgb '#000000' fillstyle solid 0.09 noborder
set arrow 1 from graph 0, first 0.079814823 to graph 1, first 0.079814823 nohead back linecolor rgb '#777777' linewidth 1 dashtype (2,3)
plot 'sliced_wasserstein-by-sigma.dat' index 0 using ($1*0.941022):($2):(($3<0.012700817?0.012700817:$3>17.337514?17.337514:$3)):(($4<0.012700817?0.012700817:$4>17.337514?17.337514:$4)) with yerrorbars pointtype 0 linewidth 1.1 dashtype solid linecolor rgb '#0072B2' notitle, \
     'sliced_wasserstein-by-sigma.dat' index 0 using ($1*0.941022):($2) with linespoints linestyle 1 notitle, \
     'sliced_wasserstein-by-sigma.dat' index 1 using ($1*1):($2):(($3<0.012700817?0.012700817:$3>17.337514?17.337514:$3)):(($4<0.012700817?0.012700817:$4>17.337514?17.337514:$4)) with yerrorbars pointtype 0 linewidth 1.1 dashtype solid linecolor rgb '#D55E00' notitle, \
     'sliced_wasserstein-by-sigma.dat' index 1 using ($1*1):($2) with linespoints linestyle 2 notitle, \
     'sliced_wasserstein-by-sigma.dat' index 2 using ($1*1.06267):($2):(($3<0.012700817?0.012700817:$3>17.337514?17.337514:$3)):(($4<0.012700817?0.012700817:$4>17.337514?17.337514:$4)) with yerrorbars pointtype 0 linewidth 1.1 dashtype solid linecolor rgb '#009E73' notitle, \
     'sliced_wasserstein-by-sigma.dat' index 2 using ($1*1.06267):($2) with linespoints linestyle 3 notitle
unset object 1
unset arrow 1
unset label
set lmargin at screen 0.55900
set rmargin at screen 0.98600
set tmargin at screen 0.94983
set bmargin at screen 0.60702
set xlabel '' noenhanced offset 0,0.3
set ylabel '' noenhanced
set logscale x
set xrange [0.00070794578:1.4125375]
set xtics ('' 0.0008 1, '' 0.0009 1, '10^{−3}' 0.001 0, '' 0.002 1, '' 0.003 1, '' 0.004 1, '' 0.005 1, '' 0.006 1, '' 0.007 1, '' 0.008 1, '' 0.009 1, '10^{−2}' 0.01 0, '' 0.02 1, '' 0.03 1, '' 0.04 1, '' 0.05 1, '' 0.06 1, '' 0.07 1, '' 0.08 1, '' 0.09 1, '10^{−1}' 0.1 0, '' 0.2 1, '' 0.3 1, '' 0.4 1, '' 0.5 1, '' 0.6 1, '' 0.7 1, '' 0.8 1, '' 0.9 1, '1' 1 0)
set logscale y
set yrange [0.035511127:6.1951922]
set ytics ('' 0.04 1, '0.05' 0.05 0, '' 0.06 1, '' 0.07 1, '' 0.08 1, '' 0.09 1, '0.1' 0.1 0, '0.2' 0.2 0, '' 0.3 1, '' 0.4 1, '0.5' 0.5 0, '' 0.6 1, '' 0.7 1, '' 0.8 1, '' 0.9 1, '1' 1 0, '2' 2 0, '' 3 1, '' 4 1, '5' 5 0, '' 6 1)
set title 'mog2' noenhanced
set object 1 rectangle from graph 0, graph 0 to graph 1, first 0.17605616 behind fillcolor rgb '#000000' fillstyle solid 0.09 noborder
set arrow 1 from graph 0, first 0.17605616 to graph 1, first 0.17605616 nohead back linecolor rgb '#777777' linewidth 1 dashtype (2,3)
plot 'sliced_wasserstein-by-sigma.dat' index 3 using ($1*0.941022):($2):(($3<0.035511127?0.035511127:$3>6.1951922?6.1951922:$3)):(($4<0.035511127?0.035511127:$4>6.1951922?6.1951922:$4)) with yerrorbars pointtype 0 linewidth 1.1 dashtype solid linecolor rgb '#0072B2' notitle, \
     'sliced_wasserstein-by-sigma.dat' index 3 using ($1*0.941022):($2) with linespoints linestyle 1 notitle, \
     'sliced_wasserstein-by-sigma.dat' index 4 using ($1*1):($2):(($3<0.035511127?0.035511127:$3>6.1951922?6.1951922:$3)):(($4<0.035511127?0.035511127:$4>6.1951922?6.1951922:$4)) with yerrorbars pointtype 0 linewidth 1.1 dashtype solid linecolor rgb '#D55E00' notitle, \
     'sliced_wasserstein-by-sigma.dat' index 4 using ($1*1):($2) with linespoints linestyle 2 notitle, \
     'sliced_wasserstein-by-sigma.dat' index 5 using ($1*1.06267):($2):(($3<0.035511127?0.035511127:$3>6.1951922?6.1951922:$3)):(($4<0.035511127?0.035511127:$4>6.1951922?6.1951922:$4)) with yerrorbars pointtype 0 linewidth 1.1 dashtype solid linecolor rgb '#009E73' notitle, \
     'sliced_wasserstein-by-sigma.dat' index 5 using ($1*1.06267):($2) with linespoints linestyle 3 notitle
unset object 1
unset arrow 1
unset label
set lmargin at screen 0.07400
set rmargin at screen 0.50100
set tmargin at screen 0.50669
set bmargin at screen 0.16388
set xlabel 'sigma' noenhanced offset 0,0.3
set ylabel 'sliced_wasserstein' noenhanced
set logscale x
set xrange [0.00070794578:1.4125375]
set xtics ('' 0.0008 1, '' 0.0009 1, '10^{−3}' 0.001 0, '' 0.002 1, '' 0.003 1, '' 0.004 1, '' 0.005 1, '' 0.006 1, '' 0.007 1, '' 0.008 1, '' 0.009 1, '10^{−2}' 0.01 0, '' 0.02 1, '' 0.03 1, '' 0.04 1, '' 0.05 1, '' 0.06 1, '' 0.07 1, '' 0.08 1, '' 0.09 1, '10^{−1}' 0.1 0, '' 0.2 1, '' 0.3 1, '' 0.4 1, '' 0.5 1, '' 0.6 1, '' 0.7 1, '' 0.8 1, '' 0.9 1, '1' 1 0)
set logscale y
set yrange [0.058942277:0.97412077]
set ytics ('' 0.06 1, '' 0.07 1, '' 0.08 1, '' 0.09 1, '0.1' 0.1 0, '0.2' 0.2 0, '' 0.3 1, '' 0.4 1, '0.5' 0.5 0, '' 0.6 1, '' 0.7 1, '' 0.8 1, '' 0.9 1)
set title 'donut' noenhanced
set object 1 rectangle from graph 0, graph 0 to graph 1, first 0.12680417 behind fillcolor rgb '#000000' fillstyle solid 0.09 noborder
set arrow 1 from graph 0, first 0.12680417 to graph 1, first 0.12680417 nohead back linecolor rgb '#777777' linewidth 1 dashtype (2,3)
plot 'sliced_wasserstein-by-sigma.dat' index 6 using ($1*0.941022):($2):(($3<0.058942277?0.058942277:$3>0.97412077?0.97412077:$3)):(($4<0.058942277?0.058942277:$4>0.97412077?0.97412077:$4)) with yerrorbars pointtype 0 linewidth 1.1 dashtype solid linecolor rgb '#0072B2' notitle, \
     'sliced_wasserstein-by-sigma.dat' index 6 using ($1*0.941022):($2) with linespoints linestyle 1 notitle, \
     'sliced_wasserstein-by-sigma.dat' index 7 using ($1*1):($2):(($3<0.058942277?0.058942277:$3>0.97412077?0.97412077:$3)):(($4<0.058942277?0.058942277:$4>0.97412077?0.97412077:$4)) with yerrorbars pointtype 0 linewidth 1.1 dashtype solid linecolor rgb '#D55E00' notitle, \
     'sliced_wasserstein-by-sigma.dat' index 7 using ($1*1):($2) with linespoints linestyle 2 notitle, \
     'sliced_wasserstein-by-sigma.dat' index 8 using ($1*1.06267):($2):(($3<0.058942277?0.058942277:$3>0.97412077?0.97412077:$3)):(($4<0.058942277?0.058942277:$4>0.97412077?0.97412077:$4)) with yerrorbars pointtype 0 linewidth 1.1 dashtype solid linecolor rgb '#009E73' notitle, \
     'sliced_wasserstein-by-sigma.dat' index 8 using ($1*1.06267):($2) with linespoints linestyle 3 notitle
unset object 1
unset arrow 1
unset label
set lmargin at screen 0.55900
set rmargin at screen 0.98600
set tmargin at screen 0.50669
set bmargin at screen 0.16388
set xlabel 'sigma' noenhanced offset 0,0.3
set ylabel '' noenhanced
set logscale x
set xrange [0.00070794578:1.4125375]
set xtics ('' 0.0008 1, '' 0.0009 1, '10^{−3}' 0.001 0, '' 0.002 1, '' 0.003 1, '' 0.004 1, '' 0.005 1, '' 0.006 1, '' 0.007 1, '' 0.008 1, '' 0.009 1, '10^{−2}' 0.01 0, '' 0.02 1, '' 0.03 1, '' 0.04 1, '' 0.05 1, '' 0.06 1, '' 0.07 1, '' 0.08 1, '' 0.09 1, '10^{−1}' 0.1 0, '' 0.2 1, '' 0.3 1, '' 0.4 1, '' 0.5 1, '' 0.6 1, '' 0.7 1, '' 0.8 1, '' 0.9 1, '1' 1 0)
set logscale y
set yrange [0.22977301:3.3234727]
set ytics ('' 0.3 1, '' 0.4 1, '0.5' 0.5 0, '' 0.6 1, '' 0.7 1, '' 0.8 1, '' 0.9 1, '1' 1 0, '2' 2 0, '' 3 1)
set title 'rosenbrock' noenhanced
set object 1 rectangle from graph 0, graph 0 to graph 1, first 0.2594416 behind fillcolor rgb '#000000' fillstyle solid 0.09 noborder
set arrow 1 from graph 0, first 0.2594416 to graph 1, first 0.2594416 nohead back linecolor rgb '#777777' linewidth 1 dashtype (2,3)
plot 'sliced_wasserstein-by-sigma.dat' index 9 using ($1*0.941022):($2):(($3<0.22977301?0.22977301:$3>3.3234727?3.3234727:$3)):(($4<0.22977301?0.22977301:$4>3.3234727?3.3234727:$4)) with yerrorbars pointtype 0 linewidth 1.1 dashtype solid linecolor rgb '#0072B2' notitle, \
     'sliced_wasserstein-by-sigma.dat' index 9 using ($1*0.941022):($2) with linespoints linestyle 1 notitle, \
     'sliced_wasserstein-by-sigma.dat' index 10 using ($1*1):($2):(($3<0.22977301?0.22977301:$3>3.3234727?3.3234727:$3)):(($4<0.22977301?0.22977301:$4>3.3234727?3.3234727:$4)) with yerrorbars pointtype 0 linewidth 1.1 dashtype solid linecolor rgb '#D55E00' notitle, \
     'sliced_wasserstein-by-sigma.dat' index 10 using ($1*1):($2) with linespoints linestyle 2 notitle, \
     'sliced_wasserstein-by-sigma.dat' index 11 using ($1*1.06267):($2):(($3<0.22977301?0.22977301:$3>3.3234727?3.3234727:$3)):(($4<0.22977301?0.22977301:$4>3.3234727?3.3234727:$4)) with yerrorbars pointtype 0 linewidth 1.1 dashtype solid linecolor rgb '#009E73' notitle, \
     'sliced_wasserstein-by-sigma.dat' index 11 using ($1*1.06267):($2) with linespoints linestyle 3 notitle
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
set key noenhanced center center horizontal Left reverse samplen 3.2 spacing 1.15 width 1 maxcols 4
plot NaN with linespoints linestyle 1 title 'plain', NaN with linespoints linestyle 2 title 'pairs', NaN with linespoints linestyle 3 title 'divergence form', NaN with filledcurves linecolor rgb '#000000' fillstyle solid 0.13 noborder title 'noise floor (95 %)'
unset multiplot
