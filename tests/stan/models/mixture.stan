// Two normal components in order of their means.
data {
  int<lower=1> N;
  vector[N] y;
}
parameters {
  ordered[2] mu;
  vector<lower=0>[2] spread;
  real<lower=0, upper=1> weight;
}
model {
  mu ~ normal(0, 5);
  spread ~ normal(0, 2);
  weight ~ beta(2, 2);
  for (n in 1:N)
    target += log_mix(weight, normal_lpdf(y[n] | mu[1], spread[1]), normal_lpdf(y[n] | mu[2], spread[2]));
}
