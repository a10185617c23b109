// Lines of six groups whose intercepts and slopes vary together.
data {
  int<lower=1> N;
  int<lower=1> J;
  int<lower=1, upper=J> group[N];
  vector[N] x;
  vector[N] y;
}
parameters {
  vector[2] mean_line;
  vector<lower=0>[2] spread;
  cholesky_factor_corr[2] factor;
  matrix[2, J] standardised;
  real<lower=0> noise;
}
transformed parameters {
  matrix[2, J] line = rep_matrix(mean_line, J) + diag_pre_multiply(spread, factor) * standardised;
}
model {
  mean_line ~ normal(0, 5);
  spread ~ normal(0, 2);
  factor ~ lkj_corr_cholesky(2);
  to_vector(standardised) ~ normal(0, 1);
  noise ~ normal(0, 2);
  for (n in 1:N)
    y[n] ~ normal(line[1, group[n]] + line[2, group[n]] * x[n], noise);
}
