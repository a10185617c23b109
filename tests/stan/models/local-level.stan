// A time series whose level walks and whose deviations from it return: level_t = level_{t-1} + walk move_t,
// deviation_t = phi deviation_{t-1} + shock innovation_t, y_t = level_t + deviation_t + an error of known size. Were its size
// a parameter, the density would have no mode: paths through all points make it infinite as the errors vanish.
data {
  int<lower=2> T;
  vector[T] y;
  real<lower=0> noise;
}
parameters {
  real start;
  vector[T - 1] move;
  vector[T] innovation;
  real<lower=0> walk;
  real<lower=0> shock;
  real<lower=-1, upper=1> phi;
}
transformed parameters {
  vector[T] level;
  vector[T] deviation;
  level[1] = start;
  deviation[1] = shock * innovation[1];
  for (t in 2:T) {
    level[t] = level[t - 1] + walk * move[t - 1];
    deviation[t] = phi * deviation[t - 1] + shock * innovation[t];
  }
}
model {
  start ~ normal(0, 5);
  move ~ normal(0, 1);
  innovation ~ normal(0, 1);
  walk ~ normal(0, 1);
  shock ~ normal(0, 1);
  phi ~ normal(0, 0.5);
  y ~ normal(level + deviation, noise);
}
