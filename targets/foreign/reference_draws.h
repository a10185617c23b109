#pragma once

#include <string>
#include <vector>

#include "core/tensor.h"
#include "targets/data_files.h"
#include "targets/problem.h"

namespace samplerbench::targets {

// Draws of a posterior that somebody computed.
struct ReferenceDraws {
  std::vector<std::string> names;  // [P] of the parameters, as Stan writes them in CSV files: "theta.1"
  Tensor chains;                   // [chains, draws, P] float64
};

// Reads them from a file in the format of posteriordb (https://github.com/stan-dev/posteriordb): a list of
// chains, each an object that has a list of draws for every parameter, "theta[1]". Throws InputError that
// names the file for any other, for chains of unequal lengths or names, and for fewer than 4 draws a chain.
ReferenceDraws read_reference_draws(const std::string& name, const DataFiles& files);

// Means and standard deviations over chains [chains, draws, P] with their Monte Carlo standard errors by
// batch means: each chain of n draws is cut into batches of sqrt(n), whose means are taken for independent
// (Flegal and Jones 2010, arXiv 0811.1729). The error of a standard deviation is by the delta method.
Moments moments_of_chains(const Tensor& chains);

// Makes known the moments `all` [K] of the parameters at these places, [K] int64, as far as they vary.
void add_known_moments(const Moments& all, const Tensor& places, Parameters& parameters);

}  // namespace samplerbench::targets
