# Reference draws of a Stan model by rstan's NUTS, in the format of posteriordb: a list of chains, each with a list of
# draws for every number of the parameters named.
#
# usage: Rscript --vanilla tests/stan/reference.R MODEL.stan DATA.json [NAME,NAME... DRAWS.json]...
# A name may be that of a transformed parameter. Ten chains of 200 draws, 40 transitions apart; refuses to write where
# the worst R-hat is above 1.01 or a chain diverges. Four decimals: a thousandth of the draws' own Monte Carlo error.
words <- commandArgs(trailingOnly = TRUE)
if (length(words) < 4 || length(words) %% 2 != 0) stop("a model, its data, and pairs of names and a file are needed")
# Debian's r-cran-bh leaves Boost where libboost-dev has it.
rstan::rstan_options(boost_lib = "/usr/include")
kept <- 200
apart <- 40
fit <- rstan::stan(file = words[1], data = jsonlite::fromJSON(words[2]), chains = 10, warmup = 2000,
                   iter = 2000 + kept * apart, thin = apart, seed = 1, refresh = 0,
                   control = list(adapt_delta = 0.99))
worst <- max(rstan::summary(fit)$summary[, "Rhat"])
divergent <- rstan::get_num_divergent(fit)
fewest <- min(rstan::summary(fit)$summary[, "n_eff"])
cat(sprintf("reference: R-hat %.4f at most, %.0f effective draws at least, %d divergences\n", worst, fewest, divergent))
if (worst > 1.01 || divergent > 0) stop("the chains have not converged")

for (i in seq(3, length(words) - 1, 2)) {
  draws <- rstan::extract(fit, pars = strsplit(words[i], ",")[[1]], permuted = FALSE, inc_warmup = FALSE)
  draws <- draws[, , dimnames(draws)$parameters != "lp__", drop = FALSE]
  names <- dimnames(draws)$parameters
  chains <- lapply(seq_len(dim(draws)[2]), function(chain)
    setNames(lapply(seq_along(names), function(i) draws[, chain, i]), names))
  writeLines(jsonlite::toJSON(chains, digits = 4), words[i + 1])
}
