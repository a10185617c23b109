// A time series whose level walks, level_t = level_{t-1} + walk move_t, and is measured with errors of known size. Were
// their size a parameter, the density would have no mode: a path through all points makes it infinite as they vanish.
data {
  int<lower=2> T;
  vector[T] y;
  real<lower=0> noise;
}
parameters {
  real start;
  vector[T - 1] move;
  real<lower=0> walk;
}
transformed parameters {
  vector[T] level;
  level[1] = start;
  for (t in 2:T)
    level[t] = level[t - 1] + walk * move[t - 1];
}
model {
  start ~ normal(0, 5);
  move ~ normal(0, 1);
  walk ~ normal(0, 1);
  y ~ normal(level, noise);
}
