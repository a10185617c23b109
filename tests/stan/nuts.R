# rstan's NUTS as a sampler of samplerbench that counts its gradients by itself (harness/run/PROTOCOL.md), on the models of
# this folder. `./bench stan` installs what it needs; tests/stan/rstan.toml runs it. A step is the whole of its work: warm-up
# and kept transitions of all chains, and there is one step. Its count leaves out rstan's search for a first step size.
# Compiled models are kept in build/stan.
suite <- file(paste0("/dev/fd/", Sys.getenv("SAMPLERBENCH_IN")), "rb", raw = TRUE)
answers <- file(paste0("/dev/fd/", Sys.getenv("SAMPLERBENCH_OUT")), "wb", raw = TRUE)
rstan::rstan_options(boost_lib = "/usr/include", auto_write = TRUE)  # Debian's r-cran-bh leaves Boost to libboost-dev

# The next message of the suite; its array [N, D], where it has one, is the member `array`.
hear <- function() {
  line <- readLines(suite, 1)
  if (length(line) == 0) return(list(type = "stop"))
  message <- jsonlite::fromJSON(line)
  if (!is.null(message$bytes)) {
    numbers <- readBin(suite, "double", message$bytes / size, size, endian = "little")
    message$array <- matrix(numbers, ncol = message$shape[2], byrow = TRUE)
  }
  message
}

# Sends a message, with an array where there is one.
say <- function(type, ..., array = NULL) {
  message <- list(type = type, ...)
  if (!is.null(array)) message <- c(message, list(shape = dim(array), dtype = dtype, bytes = length(array) * size))
  writeLines(jsonlite::toJSON(message, auto_unbox = TRUE, digits = NA), answers)
  if (!is.null(array)) writeBin(as.vector(aperm(array)), answers, size = size, endian = "little")
  flush(answers)
}

# The model of a library that tests/stan/compile made.
model_of <- function(library) {
  source <- file.path("models", sub("[.]so$", ".stan", basename(library)))
  kept <- file.path("../../build/stan", basename(source))
  if (!file.exists(kept) || !identical(readLines(kept), readLines(source))) {
    written <- tempfile(tmpdir = dirname(kept))  # renamed, so that no other process reads half of it
    file.copy(source, written)
    file.rename(written, kept)
  }
  rstan::stan_model(kept)
}

# States of all chains without constraints, [chains, transitions, D].
unconstrained <- function(fit) {
  names <- setdiff(fit@model_pars, "lp__")
  draws <- rstan::extract(fit, pars = names, permuted = FALSE)
  ends <- cumsum(sapply(fit@par_dims[names], prod))
  state <- function(row) rstan::unconstrain_pars(fit, mapply(
    function(size, end) if (length(size) == 0) row[[end]] else array(row[seq(end - prod(size) + 1, end)], size),
    fit@par_dims[names], ends, SIMPLIFY = FALSE))
  aperm(apply(draws, c(1, 2), state), c(3, 2, 1))
}

hello <- hear()
dtype <- hello$dtype
size <- if (dtype == "float32") 4 else 8
options <- modifyList(list(chains = 4, warmup = 1000, transitions = 1000), as.list(hello$options))
if (is.null(hello$target) || hello$target$name != "stan") stop("nuts.R samples targets `stan` of tests/stan/models alone")
stepped <- FALSE
model <- model_of(hello$target$options$library)
data <- jsonlite::fromJSON(file.path("models", basename(hello$target$options$data)))
density <- suppressMessages(rstan::sampling(model, data, chains = 0))
say("hello", protocol = 1, name = "rstan", version = as.character(packageVersion("rstan")), options = I(names(options)),
    chains = TRUE)

repeat {
  message <- hear()
  if (message$type == "check") {
    say("check", array = t(apply(message$array, 1, function(x) {
      score <- rstan::grad_log_prob(density, x, adjust_transform = TRUE)
      c(attr(score, "log_prob"), score)
    })))
  } else if (message$type == "begin") {
    seed <- message$seed %% 2^31
    stepped <- FALSE
    say("done")
  } else if (message$type == "step" && stepped) {
    say("failed", message = "nuts.R does all of its work in one step: a budget of steps = 1 is valid")
  } else if (message$type == "step") {
    stepped <- TRUE
    fit <- rstan::sampling(model, data, chains = options$chains, warmup = options$warmup,
                           iter = options$warmup + options$transitions, seed = seed, refresh = 0)
    states <- unconstrained(fit)
    leapfrogs <- sapply(rstan::get_sampler_params(fit, inc_warmup = TRUE), function(chain) sum(chain[, "n_leapfrog__"]))
    say("done", score = sum(leapfrogs), diagnostics = list(divergent = rstan::get_num_divergent(fit)))
  } else if (message$type == "draw") {
    set.seed(message$seed %% 2^31)
    all <- matrix(states, ncol = dim(states)[3])
    say("draws", array = all[sample(nrow(all), message$n, replace = message$n > nrow(all)), , drop = FALSE])
  } else if (message$type == "chains") {
    say("chains", array = states)
  } else {
    break
  }
}
