// The same posterior of mu and tau, with standardised effects as parameters.
data {
  int<lower=1> J;
  real y[J];
  real<lower=0> sigma[J];
}
parameters {
  real mu;
  real<lower=0> tau;
  vector[J] standardised;
}
transformed parameters {
  vector[J] theta = mu + tau * standardised;
}
model {
  mu ~ normal(0, 5);
  tau ~ cauchy(0, 5);
  standardised ~ normal(0, 1);
  y ~ normal(theta, sigma);
}
