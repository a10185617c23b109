# gnuplot -e "format='svg'" log_predictive_density-seconds-part2.gp   (or png, pdf)
if (!exists("format")) format = 'svg'
base = format eq 'svg' ? 12 : 9  # font size: pixels of an SVG, points else
if (format eq 'svg') set terminal svg enhanced rounded size 1000,618 font 'Helvetica,12' background '#ffffff'
if (format eq 'png') set terminal pngcairo enhanced rounded size 1500,927 font 'Helvetica,9' fontscale 1.5 linewidth 1.5 pointscale 1.5 background '#ffffff'
if (format eq 'pdf') set terminal pdfcairo enhanced rounded size 10.417in,6.438in font 'Helvetica,9' fontscale 1
size_of(share) = sprintf(',%.1f', share * base)
set output 'log_predictive_density-seconds-part2.'.format
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
set linetype 6 linecolor rgb '#56B4E9' linewidth 1.7 dashtype solid pointtype 6 pointsize 0.55
set style line 6 linecolor rgb '#56B4E9' linewidth 1.7 dashtype solid pointtype 6 pointsize 0.55
set linetype 7 linecolor rgb '#000000' linewidth 1.7 dashtype (16,8) pointtype 4 pointsize 0.55
set style line 7 linecolor rgb '#000000' linewidth 1.7 dashtype (16,8) pointtype 4 pointsize 0.55
set multiplot
set lmargin at screen 0.07400
set rmargin at screen 0.50100
set tmargin at screen 0.95146
set bmargin at screen 0.61974
set xlabel '' noenhanced offset 0,0.3
set ylabel 'log_predictive_density' noenhanced
set logscale x
set xrange [0.70889182:67.453444]
set xtics ('' 0.8 1, '' 0.9 1, '1' 1 0, '2' 2 0, '' 3 1, '' 4 1, '5' 5 0, '' 6 1, '' 7 1, '' 8 1, '' 9 1, '10' 10 0, '20' 20 0, '' 30 1, '' 40 1, '50' 50 0, '' 60 1)
unset logscale y
set yrange [-3.2804819:-0.22256504]
set ytics ('−1' -0.64799787 0, '−10' -1.6256984 0, '−10^{2}' -2.6254573 0)
set title 'german' noenhanced
plot 'log_predictive_density-part2.dat' index 0 using ($1>0?$1:NaN):(asinh($4/0.473778)/log(10)):(asinh($5/0.473778)/log(10)) with filledcurves linecolor rgb '#0072B2' fillstyle transparent solid 0.16 noborder notitle, \
     'log_predictive_density-part2.dat' index 1 using ($1>0?$1:NaN):(asinh($4/0.473778)/log(10)):(asinh($5/0.473778)/log(10)) with filledcurves linecolor rgb '#D55E00' fillstyle transparent solid 0.16 noborder notitle, \
     'log_predictive_density-part2.dat' index 2 using ($1>0?$1:NaN):(asinh($4/0.473778)/log(10)):(asinh($5/0.473778)/log(10)) with filledcurves linecolor rgb '#009E73' fillstyle transparent solid 0.16 noborder notitle, \
     'log_predictive_density-part2.dat' index 3 using ($1>0?$1:NaN):(asinh($4/0.473778)/log(10)):(asinh($5/0.473778)/log(10)) with filledcurves linecolor rgb '#CC79A7' fillstyle transparent solid 0.16 noborder notitle, \
     'log_predictive_density-part2.dat' index 4 using ($1>0?$1:NaN):(asinh($4/0.473778)/log(10)):(asinh($5/0.473778)/log(10)) with filledcurves linecolor rgb '#E69F00' fillstyle transparent solid 0.16 noborder notitle, \
     'log_predictive_density-part2.dat' index 5 using ($1>0?$1:NaN):(asinh($4/0.473778)/log(10)):(asinh($5/0.473778)/log(10)) with filledcurves linecolor rgb '#56B4E9' fillstyle transparent solid 0.16 noborder notitle, \
     'log_predictive_density-part2.dat' index 6 using ($1>0?$1:NaN):(asinh($4/0.473778)/log(10)):(asinh($5/0.473778)/log(10)) with filledcurves linecolor rgb '#000000' fillstyle transparent solid 0.16 noborder notitle, \
     'log_predictive_density-part2.dat' index 0 using ($1>0?$1:NaN):(asinh($3/0.473778)/log(10)) with linespoints linestyle 1 notitle, \
     'log_predictive_density-part2.dat' index 1 using ($1>0?$1:NaN):(asinh($3/0.473778)/log(10)) with linespoints linestyle 2 notitle, \
     'log_predictive_density-part2.dat' index 2 using ($1>0?$1:NaN):(asinh($3/0.473778)/log(10)) with linespoints linestyle 3 notitle, \
     'log_predictive_density-part2.dat' index 3 using ($1>0?$1:NaN):(asinh($3/0.473778)/log(10)) with linespoints linestyle 4 notitle, \
     'log_predictive_density-part2.dat' index 4 using ($1>0?$1:NaN):(asinh($3/0.473778)/log(10)) with linespoints linestyle 5 notitle, \
     'log_predictive_density-part2.dat' index 5 using ($1>0?$1:NaN):(asinh($3/0.473778)/log(10)) with linespoints linestyle 6 notitle, \
     'log_predictive_density-part2.dat' index 6 using ($1>0?$1:NaN):(asinh($3/0.473778)/log(10)) with linespoints linestyle 7 notitle
unset object 1
unset arrow 1
set lmargin at screen 0.55900
set rmargin at screen 0.98600
set tmargin at screen 0.95146
set bmargin at screen 0.61974
set xlabel '' noenhanced offset 0,0.3
set ylabel '' noenhanced
set logscale x
set xrange [1.0089095:83.592434]
set xtics ('2' 2 0, '' 3 1, '' 4 1, '5' 5 0, '' 6 1, '' 7 1, '' 8 1, '' 9 1, '10' 10 0, '20' 20 0, '' 30 1, '' 40 1, '50' 50 0, '' 60 1, '' 70 1, '' 80 1)
unset logscale y
set yrange [-3.5621776:-0.14651452]
set ytics ('−1' -0.84177102 0, '−10' -1.8327703 0, '−10^{2}' -2.8326774 0)
set title 'ionosphere' noenhanced
plot 'log_predictive_density-part2.dat' index 7 using ($1>0?$1:NaN):(asinh($4/0.294004)/log(10)):(asinh($5/0.294004)/log(10)) with filledcurves linecolor rgb '#0072B2' fillstyle transparent solid 0.16 noborder notitle, \
     'log_predictive_density-part2.dat' index 8 using ($1>0?$1:NaN):(asinh($4/0.294004)/log(10)):(asinh($5/0.294004)/log(10)) with filledcurves linecolor rgb '#D55E00' fillstyle transparent solid 0.16 noborder notitle, \
     'log_predictive_density-part2.dat' index 9 using ($1>0?$1:NaN):(asinh($4/0.294004)/log(10)):(asinh($5/0.294004)/log(10)) with filledcurves linecolor rgb '#009E73' fillstyle transparent solid 0.16 noborder notitle, \
     'log_predictive_density-part2.dat' index 10 using ($1>0?$1:NaN):(asinh($4/0.294004)/log(10)):(asinh($5/0.294004)/log(10)) with filledcurves linecolor rgb '#CC79A7' fillstyle transparent solid 0.16 noborder notitle, \
     'log_predictive_density-part2.dat' index 11 using ($1>0?$1:NaN):(asinh($4/0.294004)/log(10)):(asinh($5/0.294004)/log(10)) with filledcurves linecolor rgb '#E69F00' fillstyle transparent solid 0.16 noborder notitle, \
     'log_predictive_density-part2.dat' index 12 using ($1>0?$1:NaN):(asinh($4/0.294004)/log(10)):(asinh($5/0.294004)/log(10)) with filledcurves linecolor rgb '#56B4E9' fillstyle transparent solid 0.16 noborder notitle, \
     'log_predictive_density-part2.dat' index 13 using ($1>0?$1:NaN):(asinh($4/0.294004)/log(10)):(asinh($5/0.294004)/log(10)) with filledcurves linecolor rgb '#000000' fillstyle transparent solid 0.16 noborder notitle, \
     'log_predictive_density-part2.dat' index 7 using ($1>0?$1:NaN):(asinh($3/0.294004)/log(10)) with linespoints linestyle 1 notitle, \
     'log_predictive_density-part2.dat' index 8 using ($1>0?$1:NaN):(asinh($3/0.294004)/log(10)) with linespoints linestyle 2 notitle, \
     'log_predictive_density-part2.dat' index 9 using ($1>0?$1:NaN):(asinh($3/0.294004)/log(10)) with linespoints linestyle 3 notitle, \
     'log_predictive_density-part2.dat' index 10 using ($1>0?$1:NaN):(asinh($3/0.294004)/log(10)) with linespoints linestyle 4 notitle, \
     'log_predictive_density-part2.dat' index 11 using ($1>0?$1:NaN):(asinh($3/0.294004)/log(10)) with linespoints linestyle 5 notitle, \
     'log_predictive_density-part2.dat' index 12 using ($1>0?$1:NaN):(asinh($3/0.294004)/log(10)) with linespoints linestyle 6 notitle, \
     'log_predictive_density-part2.dat' index 13 using ($1>0?$1:NaN):(asinh($3/0.294004)/log(10)) with linespoints linestyle 7 notitle
unset object 1
unset arrow 1
set lmargin at screen 0.07400
set rmargin at screen 0.50100
set tmargin at screen 0.52265
set bmargin at screen 0.19094
set xlabel 'training time [s]' noenhanced offset 0,0.3
set ylabel 'log_predictive_density' noenhanced
set logscale x
set xrange [0.81135647:61.451245]
set xtics ('' 0.9 1, '1' 1 0, '2' 2 0, '' 3 1, '' 4 1, '5' 5 0, '' 6 1, '' 7 1, '' 8 1, '' 9 1, '10' 10 0, '20' 20 0, '' 30 1, '' 40 1, '50' 50 0, '' 60 1)
unset logscale y
set yrange [-3.5488214:-0.15874245]
set ytics ('−1' -0.74470343 0, '−10' -1.7305479 0, '−10^{2}' -2.7303992 0)
set title 'sonar' noenhanced
plot 'log_predictive_density-part2.dat' index 14 using ($1>0?$1:NaN):(asinh($4/0.372077)/log(10)):(asinh($5/0.372077)/log(10)) with filledcurves linecolor rgb '#0072B2' fillstyle transparent solid 0.16 noborder notitle, \
     'log_predictive_density-part2.dat' index 15 using ($1>0?$1:NaN):(asinh($4/0.372077)/log(10)):(asinh($5/0.372077)/log(10)) with filledcurves linecolor rgb '#D55E00' fillstyle transparent solid 0.16 noborder notitle, \
     'log_predictive_density-part2.dat' index 16 using ($1>0?$1:NaN):(asinh($4/0.372077)/log(10)):(asinh($5/0.372077)/log(10)) with filledcurves linecolor rgb '#009E73' fillstyle transparent solid 0.16 noborder notitle, \
     'log_predictive_density-part2.dat' index 17 using ($1>0?$1:NaN):(asinh($4/0.372077)/log(10)):(asinh($5/0.372077)/log(10)) with filledcurves linecolor rgb '#CC79A7' fillstyle transparent solid 0.16 noborder notitle, \
     'log_predictive_density-part2.dat' index 18 using ($1>0?$1:NaN):(asinh($4/0.372077)/log(10)):(asinh($5/0.372077)/log(10)) with filledcurves linecolor rgb '#E69F00' fillstyle transparent solid 0.16 noborder notitle, \
     'log_predictive_density-part2.dat' index 19 using ($1>0?$1:NaN):(asinh($4/0.372077)/log(10)):(asinh($5/0.372077)/log(10)) with filledcurves linecolor rgb '#56B4E9' fillstyle transparent solid 0.16 noborder notitle, \
     'log_predictive_density-part2.dat' index 20 using ($1>0?$1:NaN):(asinh($4/0.372077)/log(10)):(asinh($5/0.372077)/log(10)) with filledcurves linecolor rgb '#000000' fillstyle transparent solid 0.16 noborder notitle, \
     'log_predictive_density-part2.dat' index 14 using ($1>0?$1:NaN):(asinh($3/0.372077)/log(10)) with linespoints linestyle 1 notitle, \
     'log_predictive_density-part2.dat' index 15 using ($1>0?$1:NaN):(asinh($3/0.372077)/log(10)) with linespoints linestyle 2 notitle, \
     'log_predictive_density-part2.dat' index 16 using ($1>0?$1:NaN):(asinh($3/0.372077)/log(10)) with linespoints linestyle 3 notitle, \
     'log_predictive_density-part2.dat' index 17 using ($1>0?$1:NaN):(asinh($3/0.372077)/log(10)) with linespoints linestyle 4 notitle, \
     'log_predictive_density-part2.dat' index 18 using ($1>0?$1:NaN):(asinh($3/0.372077)/log(10)) with linespoints linestyle 5 notitle, \
     'log_predictive_density-part2.dat' index 19 using ($1>0?$1:NaN):(asinh($3/0.372077)/log(10)) with linespoints linestyle 6 notitle, \
     'log_predictive_density-part2.dat' index 20 using ($1>0?$1:NaN):(asinh($3/0.372077)/log(10)) with linespoints linestyle 7 notitle
unset object 1
unset arrow 1
set lmargin at screen 0.55900
set rmargin at screen 0.98600
set tmargin at screen 0.52265
set bmargin at screen 0.19094
set xlabel 'training time [s]' noenhanced offset 0,0.3
set ylabel '' noenhanced
set logscale x
set xrange [0.70832197:79.139871]
set xtics ('' 0.8 1, '' 0.9 1, '1' 1 0, '2' 2 0, '' 3 1, '' 4 1, '5' 5 0, '' 6 1, '' 7 1, '' 8 1, '' 9 1, '10' 10 0, '20' 20 0, '' 30 1, '' 40 1, '50' 50 0, '' 60 1, '' 70 1)
unset logscale y
set yrange [-4.1232856:-0.080607261]
set ytics ('' -0.38618418 1, '−1' -1.3068952 0, '−10' -2.3058477 0, '−10^{2}' -3.3058372 0)
set title 'wdbc' noenhanced
plot 'log_predictive_density-part2.dat' index 21 using ($1>0?$1:NaN):(asinh($4/0.0988992)/log(10)):(asinh($5/0.0988992)/log(10)) with filledcurves linecolor rgb '#0072B2' fillstyle transparent solid 0.16 noborder notitle, \
     'log_predictive_density-part2.dat' index 22 using ($1>0?$1:NaN):(asinh($4/0.0988992)/log(10)):(asinh($5/0.0988992)/log(10)) with filledcurves linecolor rgb '#D55E00' fillstyle transparent solid 0.16 noborder notitle, \
     'log_predictive_density-part2.dat' index 23 using ($1>0?$1:NaN):(asinh($4/0.0988992)/log(10)):(asinh($5/0.0988992)/log(10)) with filledcurves linecolor rgb '#009E73' fillstyle transparent solid 0.16 noborder notitle, \
     'log_predictive_density-part2.dat' index 24 using ($1>0?$1:NaN):(asinh($4/0.0988992)/log(10)):(asinh($5/0.0988992)/log(10)) with filledcurves linecolor rgb '#CC79A7' fillstyle transparent solid 0.16 noborder notitle, \
     'log_predictive_density-part2.dat' index 25 using ($1>0?$1:NaN):(asinh($4/0.0988992)/log(10)):(asinh($5/0.0988992)/log(10)) with filledcurves linecolor rgb '#E69F00' fillstyle transparent solid 0.16 noborder notitle, \
     'log_predictive_density-part2.dat' index 26 using ($1>0?$1:NaN):(asinh($4/0.0988992)/log(10)):(asinh($5/0.0988992)/log(10)) with filledcurves linecolor rgb '#56B4E9' fillstyle transparent solid 0.16 noborder notitle, \
     'log_predictive_density-part2.dat' index 27 using ($1>0?$1:NaN):(asinh($4/0.0988992)/log(10)):(asinh($5/0.0988992)/log(10)) with filledcurves linecolor rgb '#000000' fillstyle transparent solid 0.16 noborder notitle, \
     'log_predictive_density-part2.dat' index 21 using ($1>0?$1:NaN):(asinh($3/0.0988992)/log(10)) with linespoints linestyle 1 notitle, \
     'log_predictive_density-part2.dat' index 22 using ($1>0?$1:NaN):(asinh($3/0.0988992)/log(10)) with linespoints linestyle 2 notitle, \
     'log_predictive_density-part2.dat' index 23 using ($1>0?$1:NaN):(asinh($3/0.0988992)/log(10)) with linespoints linestyle 3 notitle, \
     'log_predictive_density-part2.dat' index 24 using ($1>0?$1:NaN):(asinh($3/0.0988992)/log(10)) with linespoints linestyle 4 notitle, \
     'log_predictive_density-part2.dat' index 25 using ($1>0?$1:NaN):(asinh($3/0.0988992)/log(10)) with linespoints linestyle 5 notitle, \
     'log_predictive_density-part2.dat' index 26 using ($1>0?$1:NaN):(asinh($3/0.0988992)/log(10)) with linespoints linestyle 6 notitle, \
     'log_predictive_density-part2.dat' index 27 using ($1>0?$1:NaN):(asinh($3/0.0988992)/log(10)) with linespoints linestyle 7 notitle
unset object 1
unset arrow 1
set lmargin at screen 0
set rmargin at screen 1
set tmargin at screen 0.08738
set bmargin at screen 0.00971
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
plot NaN with linespoints linestyle 1 title 'stein-ksd', NaN with linespoints linestyle 2 title 'stein-critic', NaN with linespoints linestyle 3 title 'fisher', NaN with linespoints linestyle 4 title 'kl', NaN with linespoints linestyle 5 title 'kl, minibatches', NaN with linespoints linestyle 6 title 'dft', NaN with linespoints linestyle 7 title 'dft, minibatches'
unset multiplot
