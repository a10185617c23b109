#include "samplers/variational/pathfinder.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <numbers>
#include <numeric>
#include <vector>

#include "core/error.h"
#include "samplers/mcmc/chain_sampler.h"
#include "samplers/mean_of_z.h"

namespace samplerbench::samplers {
namespace {

constexpr double kNoWeight = -std::numeric_limits<double>::infinity();
constexpr double kNoParetoShape = std::numeric_limits<double>::quiet_NaN();
constexpr double kLeastCosine = 1e-12;  // of a step and its change of slope
constexpr double kAtTheMode = 1e-4;     // standard deviations between a path and the mean of its normal law
constexpr size_t kLeastParetoTail = 5;
constexpr double kEqualWeights = 1e-9;  // of the largest

}  // namespace

// The search for a share of a direction at which the log density has gained enough and little of its first
// slope is left (the strong conditions of Wolfe). Trials are where the secant of two slopes vanishes, which
// is exact for a quadratic log density.
class PathLineSearch {
 public:
  static constexpr int64_t kMostTrials = 30;

  PathLineSearch(double value, double slope, double first, double slope_left)
      : value_(value), slope_(slope), slope_left_(slope_left), low_slope_(slope), share_(first) {}

  // The next trial.
  double share() const { return share_; }

  // Whether the log density and its slope at the trial end the search; if not, sets the next trial.
  bool takes(double value, double slope) {
    const double enough = kSufficientGain * share_ * slope_ - kRounding * std::abs(value_);
    const bool gained = value >= value_ + enough;
    if (gained && std::abs(slope) <= slope_left_ * slope_) return true;
    narrow(gained && slope > 0, slope);
    return false;
  }

 private:
  static constexpr double kSufficientGain = 1e-4;  // Armijo's share of the slope
  static constexpr double kRounding = 1e-14;       // of the log density: a loss that counts as none
  static constexpr double kFarthest = 10;          // times the last trial
  static constexpr double kNearest = 0.01;         // of the bracket, from its lower end

  void narrow(bool farther, double slope) {
    const double secant = low_ + (share_ - low_) * low_slope_ / (low_slope_ - slope);
    if (farther)
      low_ = share_, low_slope_ = slope;
    else
      high_ = share_;
    const bool open = std::isinf(high_);
    const double end = open ? kFarthest * share_ : high_;
    if (secant > low_ && secant < end)
      share_ = open ? secant : std::max(secant, low_ + kNearest * (end - low_));
    else
      share_ = open ? end : (low_ + end) / 2;
  }

  double value_, slope_, slope_left_;
  double low_ = 0, low_slope_;
  double high_ = std::numeric_limits<double>::infinity();
  double share_;
};

namespace {

// The inner matrix G of the compact form, from R^-1 and Y' A Y + diag(S' Y).
Tensor compact_middle(const Tensor& inverse, const Tensor& products) {
  const Tensor turned = inverse.transpose(1, 2);
  const Tensor upper = torch::cat({torch::zeros_like(inverse), -inverse}, 2);
  const Tensor under = torch::cat({-turned, turned.matmul(products).matmul(inverse)}, 2);
  return torch::cat({upper, under}, 1);
}

// A generalised Pareto law of excesses above 0.
struct ParetoLaw {
  double shape, scale;

  double quantile(double p) const {
    const double log_rest = std::log1p(-p);
    return shape == 0 ? -scale * log_rest : scale * std::expm1(-shape * log_rest) / shape;
  }
};

// The shape that belongs to theta = -shape / scale: the mean of log(1 - theta x).
double profile_shape(const std::vector<double>& excesses, double theta) {
  double sum = 0;
  for (const double x : excesses) sum += std::log1p(-theta * x);
  return sum / static_cast<double>(excesses.size());
}

// Zhang and Stephens' posterior mean of theta on their grid, with the shape drawn to 1/2 as by ten more
// points. `excesses` are in ascending order.
ParetoLaw fitted_pareto_law(const std::vector<double>& excesses) {
  const auto n = static_cast<double>(excesses.size());
  const auto count = 30 + static_cast<int64_t>(std::sqrt(n));
  const double quartile = excesses[static_cast<size_t>(n / 4 + 0.5) - 1];
  std::vector<double> theta, log_weight;
  for (int64_t j = 0; j < count; ++j) {
    const double t = 1 - std::sqrt(static_cast<double>(count) / (static_cast<double>(j) + 0.5));
    theta.push_back(1 / excesses.back() + t / (3 * quartile));
    const double shape = profile_shape(excesses, theta.back());
    log_weight.push_back(n * (std::log(-theta.back() / shape) - shape - 1));
  }
  const double largest = *std::max_element(log_weight.begin(), log_weight.end());
  double sum = 0, weighted = 0;
  for (size_t j = 0; j < theta.size(); ++j) {
    const double weight = std::exp(log_weight[j] - largest);
    sum += weight, weighted += weight * theta[j];
  }
  const double mean = weighted / sum, shape = profile_shape(excesses, mean);
  return {.shape = (shape * n + 5) / (n + 10), .scale = -shape / mean};
}

}  // namespace

PathNormals PathNormals::isotropic(int64_t count, int64_t dim, int64_t rank, double scale) {
  return {.mean = torch::zeros({count, dim}, torch::kDouble),
          .scale = torch::full({count, dim}, scale, torch::kDouble),
          .axes = torch::zeros({count, dim, rank}, torch::kDouble),
          .lower = torch::eye(rank, torch::kDouble).repeat({count, 1, 1})};
}

PathNormals PathNormals::rows(const Tensor& indices) const {
  return {.mean = mean.index_select(0, indices),
          .scale = scale.index_select(0, indices),
          .axes = axes.index_select(0, indices),
          .lower = lower.index_select(0, indices)};
}

PathNormals PathNormals::one(int64_t law) const {
  return rows(torch::full({1}, law, torch::kLong));
}

Tensor PathNormals::points_at(const Tensor& z) const {
  const Tensor within = z.matmul(axes);
  const Tensor change = within.matmul(lower.transpose(1, 2)) - within;
  return mean.unsqueeze(1) + scale.unsqueeze(1) * (z + change.matmul(axes.transpose(1, 2)));
}

Tensor PathNormals::log_density_at(const Tensor& z) const {
  const double constant = 0.5 * static_cast<double>(z.size(2)) * std::log(2 * std::numbers::pi);
  return -0.5 * z.square().sum(2) - log_determinants().unsqueeze(1) - constant;
}

Tensor PathNormals::coordinates_of(int64_t law, const Tensor& x) const {
  const Tensor u = (x - mean[law]) / scale[law], within = u.mm(axes[law]);
  const Tensor solved = at::linalg_solve_triangular(lower[law], within.t(), /*upper=*/false).t();
  return u + (solved - within).mm(axes[law].t());
}

Tensor PathNormals::log_density(const Tensor& x) const {
  std::vector<Tensor> laws;
  for (int64_t i = 0; i < count(); ++i)
    laws.push_back(one(i).log_density_at(coordinates_of(i, x).unsqueeze(0)));
  return torch::cat(laws);
}

// The score of one law is -T^-T z, T^-T = A^-1/2 (I + Q (L^-T - I) Q').
Tensor PathNormals::mixture_score(const Tensor& x) const {
  const Tensor shares = log_density(x).softmax(0);
  Tensor score = torch::zeros_like(x);
  for (int64_t i = 0; i < count(); ++i) {
    const Tensor z = coordinates_of(i, x), within = z.mm(axes[i]);
    const Tensor solved = at::linalg_solve_triangular(lower[i].t(), within.t(), /*upper=*/true).t();
    score -= shares[i].unsqueeze(1) * (z + (solved - within).mm(axes[i].t())) / scale[i];
  }
  return score;
}

Tensor PathNormals::log_determinants() const {
  return scale.log().sum(1) + lower.diagonal(0, 1, 2).log().sum(1);
}

PathCurvature PathCurvature::none(int64_t count, int64_t dim, int64_t pairs) {
  return {.diagonal = torch::ones({count, dim}, torch::kDouble),
          .steps = torch::zeros({count, pairs, dim}, torch::kDouble),
          .changes = torch::zeros({count, pairs, dim}, torch::kDouble)};
}

PathCurvature PathCurvature::rows(const Tensor& indices) const {
  return {.diagonal = diagonal.index_select(0, indices),
          .steps = steps.index_select(0, indices),
          .changes = changes.index_select(0, indices)};
}

void PathCurvature::add(const Tensor& step, const Tensor& change) {
  const Tensor product = (step * change).sum(1, true);  // b
  const Tensor lengths = step.square().sum(1, true).sqrt() * change.square().sum(1, true).sqrt();
  const Tensor keep = product > kLeastCosine * lengths;
  const Tensor root = torch::where(keep, product, torch::ones_like(product)).sqrt();
  const Tensor d = step / root, y = change / root;  // b is 1 from here on
  const Tensor a = (diagonal * y.square()).sum(1, true), c = (d.square() / diagonal).sum(1, true);
  const Tensor rest = (1 - d.square() / (c * diagonal)).clamp_min(0);
  diagonal = torch::where(keep, (a * rest / diagonal + y.square()).reciprocal(), diagonal);
  const auto appended = [&](const Tensor& kept, const Tensor& last) {
    return torch::where(keep.unsqueeze(2), torch::cat({kept.slice(1, 1), last.unsqueeze(1)}, 1), kept);
  };
  steps = appended(steps, d);
  changes = appended(changes, y);
}

PathNormals PathCurvature::normals(const Tensor& x, const Tensor& score) const {
  const Tensor s = steps.transpose(1, 2), y = changes.transpose(1, 2);  // [C, D, J]
  const Tensor missing = (steps.abs().sum(2) == 0).to(torch::kDouble);
  const Tensor r = steps.matmul(y).triu() + missing.diag_embed();
  const Tensor eye = torch::eye(r.size(1), torch::kDouble).expand_as(r);
  const Tensor inverse = at::linalg_solve_triangular(r, eye, /*upper=*/true);
  const Tensor products = (changes * diagonal.unsqueeze(1)).matmul(y) + (1 - missing).diag_embed();
  const Tensor root = diagonal.sqrt();
  const auto [axes, b] =
      at::linalg_qr(torch::cat({root.unsqueeze(2) * y, s / root.unsqueeze(2)}, 2));  // of A^-1/2 B
  const Tensor inner = b.matmul(compact_middle(inverse, products)).matmul(b.transpose(1, 2));
  const auto [lower, failed] =
      at::linalg_cholesky_ex(torch::eye(inner.size(1), torch::kDouble) + (inner + inner.transpose(1, 2)) / 2);
  PathNormals found{.mean = torch::zeros_like(x), .scale = root, .axes = axes, .lower = lower};
  // T T' s, with T' u = A^1/2 u + Q (L' - I) Q' A^1/2 u.
  const Tensor u = (root * score).unsqueeze(1), within = u.matmul(axes);
  const Tensor z = u + (within.matmul(lower) - within).matmul(axes.transpose(1, 2));
  const Tensor mean = x + found.points_at(z).squeeze(1);
  found.mean = torch::where((failed == 0).unsqueeze(1), mean, torch::full_like(mean, std::nan("")));
  return found;
}

SmoothedWeights pareto_smoothed(const Tensor& log_weights) {
  const Tensor largest = log_weights.max();
  const auto [sorted, order] = (log_weights - largest).sort();
  const auto n = static_cast<double>(sorted.size(0));
  const auto size = static_cast<size_t>(std::ceil(std::min(n / 5, 3 * std::sqrt(n))));
  if (size < kLeastParetoTail) return {log_weights, kNoParetoShape};
  const int64_t first = sorted.size(0) - static_cast<int64_t>(size);
  const double cutoff = std::exp(sorted[first - 1].item<double>());
  const Tensor excess = sorted.slice(0, first).exp() - cutoff;
  const std::vector<double> excesses(excess.data_ptr<double>(), excess.data_ptr<double>() + size);
  if (excesses.back() < kEqualWeights) return {log_weights, kNoParetoShape};
  const ParetoLaw law = fitted_pareto_law(excesses);
  if (!std::isfinite(law.shape) || !std::isfinite(law.scale)) return {log_weights, kNoParetoShape};
  std::vector<double> tail;
  for (size_t i = 0; i < size; ++i) {
    const double p = (static_cast<double>(i) + 0.5) / static_cast<double>(size);
    tail.push_back(std::min(std::log(law.quantile(p) + cutoff), 0.0));
  }
  const Tensor smoothed = torch::cat({sorted.slice(0, 0, first), torch::tensor(tail, torch::kDouble)});
  return {torch::empty_like(smoothed).index_copy_(0, order, smoothed) + largest, law.shape};
}

Pathfinder::Moving Pathfinder::Moving::rows(const Tensor& indices) const {
  return {.path = path.index_select(0, indices),
          .x = x.index_select(0, indices),
          .value = value.index_select(0, indices),
          .score = score.index_select(0, indices),
          .direction = direction.index_select(0, indices),
          .curvature = curvature.rows(indices)};
}

Pathfinder::Pathfinder(const SamplerInput& input)
    : target_(input.target),
      placement_(input.placement),
      pairs_(input.options.integer("pairs")),
      iterations_(input.options.integer("iterations")),
      elbo_draws_(input.options.integer("elbo_draws")),
      pool_size_(input.options.integer("pool")),
      slope_left_(input.options.real("slope_left")),
      resample_(input.options.flag("resample")),
      start_(input.start(input.options.integer("paths")).to(torch::kCPU, torch::kDouble)) {
  const int64_t dim = target_.dim(), rank = std::min(dim, 2 * pairs_);
  require_all_data(target_);
  best_ = PathNormals::isotropic(start_.size(0), dim, rank, 1);
  best_elbo_ = torch::full({start_.size(0)}, kNoWeight, torch::kDouble);
  chosen_ = PathNormals::isotropic(1, dim, rank, input.start_scale);
}

Json Pathfinder::step(Rng& rng) {
  torch::NoGradGuard no_grad;
  if (start_.defined())
    begin();
  else if (moving_.count() == 0)
    return rest();
  advance(rng);
  if (moving_.count() == 0) finish(rng);
  return diagnostics();
}

void Pathfinder::begin() {
  const auto [value, score] = evaluate(start_);
  const Tensor usable = value.isfinite().logical_and(score.isfinite().all(1)).nonzero().squeeze(1);
  if (usable.size(0) == 0)
    throw InputError(
        fmt::format("sampler 'pathfinder': the log density or its score is not finite at any of the {} "
                    "starting points",
                    start_.size(0)));
  const Moving all{.path = torch::arange(start_.size(0), torch::kLong),
                   .x = start_,
                   .value = value,
                   .score = score,
                   .direction = score,
                   .curvature = PathCurvature::none(start_.size(0), target_.dim(), pairs_)};
  moving_ = all.rows(usable);
  latest_ = moving_.x.slice(0, 0, 1);
  start_ = Tensor();
}

void Pathfinder::advance(Rng& rng) {
  moving_ = after_line_search();
  ++iteration_;
  if (moving_.count() == 0) return;
  latest_ = moving_.x.slice(0, 0, 1);
  const PathNormals normals = usable_normals();
  if (moving_.count() == 0) return;
  offer(normals, elbo(normals, rng));
  moving_.direction = normals.mean - moving_.x;
  Tensor goes_on = (moving_.score * moving_.direction).sum(1) > kAtTheMode * kAtTheMode;
  if (iteration_ >= iterations_) goes_on = torch::zeros_like(goes_on);
  moving_ = moving_.rows(goes_on.nonzero().squeeze(1));
}

Pathfinder::Moving Pathfinder::after_line_search() const {
  std::vector<PathLineSearch> lines = line_searches();
  std::vector<int64_t> open(lines.size());
  std::iota(open.begin(), open.end(), 0);
  Moving next = moving_;
  next.x = moving_.x.clone(), next.value = moving_.value.clone(), next.score = moving_.score.clone();
  for (int64_t trial = 0; trial < PathLineSearch::kMostTrials && !open.empty(); ++trial)
    open = tried(open, lines, next);
  next.curvature.add(next.x - moving_.x, moving_.score - next.score);
  const Tensor found = torch::ones({next.count()}, torch::kBool);
  for (const int64_t i : open) found[i].fill_(false);
  return next.rows(found.nonzero().squeeze(1));
}

// The first trial is the whole direction; without any curvature yet it is no longer than 1.
std::vector<PathLineSearch> Pathfinder::line_searches() const {
  const Tensor slopes = (moving_.score * moving_.direction).sum(1);
  const Tensor lengths = moving_.direction.square().sum(1).sqrt();
  std::vector<PathLineSearch> lines;
  for (int64_t i = 0; i < moving_.count(); ++i) {
    const double first = iteration_ == 0 ? std::min(1.0, 1 / lengths[i].item<double>()) : 1.0;
    lines.emplace_back(moving_.value[i].item<double>(), slopes[i].item<double>(), first, slope_left_);
  }
  return lines;
}

std::vector<int64_t> Pathfinder::tried(const std::vector<int64_t>& open, std::vector<PathLineSearch>& lines,
                                       Moving& next) const {
  std::vector<double> shares;
  for (const int64_t i : open) shares.push_back(lines[i].share());
  const Tensor rows = torch::tensor(open, torch::kLong), way = moving_.direction.index_select(0, rows);
  const Tensor x = moving_.x.index_select(0, rows) + torch::tensor(shares, torch::kDouble).unsqueeze(1) * way;
  const targets::ValueAndScore at = evaluate(x);
  const Tensor slopes = (at.score * way).sum(1);
  std::vector<int64_t> others;
  for (int64_t j = 0; j < x.size(0); ++j) {
    const int64_t i = open[j];
    if (lines[i].takes(at.value[j].item<double>(), slopes[j].item<double>()))
      next.x[i].copy_(x[j]), next.value[i].copy_(at.value[j]), next.score[i].copy_(at.score[j]);
    else
      others.push_back(i);
  }
  return others;
}

// The normal laws of the paths where they are. Paths without one end.
PathNormals Pathfinder::usable_normals() {
  const PathNormals all = moving_.curvature.normals(moving_.x, moving_.score);
  const Tensor usable = all.mean.isfinite().all(1).nonzero().squeeze(1);
  moving_ = moving_.rows(usable);
  return all.rows(usable);
}

// Keeps those of the moving paths' normal laws that are the best of their paths.
void Pathfinder::offer(const PathNormals& normals, const Tensor& elbos) {
  const Tensor better = (elbos > best_elbo_.index_select(0, moving_.path)).nonzero().squeeze(1);
  if (better.size(0) == 0) return;
  const Tensor paths = moving_.path.index_select(0, better);
  const PathNormals chosen = normals.rows(better);
  best_.mean.index_copy_(0, paths, chosen.mean);
  best_.scale.index_copy_(0, paths, chosen.scale);
  best_.axes.index_copy_(0, paths, chosen.axes);
  best_.lower.index_copy_(0, paths, chosen.lower);
  best_elbo_.index_copy_(0, paths, elbos.index_select(0, better));
  chosen_ = best_.rows(best_elbo_.isfinite().nonzero().squeeze(1));
}

// The mean log weight of draws of each law: [C], -infinity where it is not finite.
Tensor Pathfinder::elbo(const PathNormals& normals, Rng& rng) const {
  const Tensor z = rng.normal({normals.count(), elbo_draws_, target_.dim()}, torch::kDouble);
  const Tensor mean = log_weights(normals, z).mean(1);
  return torch::where(mean.isfinite(), mean, torch::full_like(mean, kNoWeight));
}

Tensor Pathfinder::log_weights(const PathNormals& normals, const Tensor& z) const {
  const Tensor points = normals.points_at(z).flatten(0, 1).to(placement_.dtype(torch::kDouble));
  const Tensor found = target_.log_density(points).to(torch::kCPU, torch::kDouble);
  return found.reshape({z.size(0), z.size(1)}) - normals.log_density_at(z);
}

void Pathfinder::finish(Rng& rng) {
  if (!best_elbo_.isfinite().any().item<bool>())
    throw Diverged("no path came to a normal law whose ELBO is finite");
  if (resample_) make_pool(rng);
}

void Pathfinder::make_pool(Rng& rng) {
  const Tensor z = rng.normal({chosen_.count(), pool_size_, target_.dim()}, torch::kDouble);
  const Tensor found = log_weights(chosen_, z);
  const Tensor usable = torch::where(found.isfinite(), found, torch::full_like(found, kNoWeight));
  if (!usable.isfinite().any().item<bool>())
    throw Diverged("no draw of the paths' normal laws has a finite log density");
  MeanOfZ mean;
  for (int64_t i = 0; i < usable.size(0); ++i) mean.add(mean_weight(usable[i]));
  log_z_ = mean.value();
  const SmoothedWeights smoothed = pareto_smoothed(usable.flatten());
  pareto_shape_ = smoothed.shape;
  pool_ = chosen_.points_at(z).flatten(0, 1);
  weights_ = (smoothed.log_weights - smoothed.log_weights.max()).exp();
}

// All paths have ended: a score keeps budgets of scores from lasting for ever.
Json Pathfinder::rest() const {
  const Tensor score = target_.score(latest_.to(placement_.dtype(torch::kDouble)));
  Json found = diagnostics();
  found["score"] = score.norm().item<double>();
  return found;
}

Json Pathfinder::diagnostics() const {
  Json found = {{"moving", moving_.count()}};
  const double elbo = best_elbo_.max().item<double>();
  if (std::isfinite(elbo)) found["elbo"] = elbo;
  if (!log_z_) return found;
  found["log_z"] = log_z_->value;
  found["log_z_standard_error"] = log_z_->standard_error;
  if (std::isfinite(pareto_shape_)) found["pareto_shape"] = pareto_shape_;
  return found;
}

Tensor Pathfinder::draw(int64_t n, Rng& rng) {
  torch::NoGradGuard no_grad;
  return (pool_.defined() ? resampled_draws(n, rng) : mixture_draws(n, rng)).to(placement_);
}

Tensor Pathfinder::mixture_draws(int64_t n, Rng& rng) const {
  const Tensor which = rng.integers(chosen_.count(), {n}, torch::kLong);
  const Tensor z = rng.normal({n, target_.dim()}, torch::kDouble);
  Tensor x = torch::empty_like(z);
  for (int64_t i = 0; i < chosen_.count(); ++i) {
    const Tensor own = (which == i).nonzero().squeeze(1);
    if (own.size(0) == 0) continue;
    x.index_copy_(0, own, chosen_.one(i).points_at(z.index_select(0, own).unsqueeze(0)).squeeze(0));
  }
  return x;
}

Tensor Pathfinder::resampled_draws(int64_t n, Rng& rng) const {
  const Tensor sums = weights_.cumsum(0);
  const Tensor at = rng.uniform({n}, torch::kDouble) * sums[-1];
  const Tensor rows = torch::searchsorted(sums, at, /*out_int32=*/false, /*right=*/true);
  return pool_.index_select(0, rows.clamp_max(pool_.size(0) - 1));
}

LogDensity Pathfinder::log_density() const {
  if (resample_) return {};
  return [laws = chosen_](const Tensor& x) {
    torch::NoGradGuard no_grad;
    const Tensor each = laws.log_density(x.detach().to(torch::kCPU, torch::kDouble));
    const double log_count = std::log(static_cast<double>(laws.count()));
    return (torch::logsumexp(each, 0) - log_count).to(x.device());
  };
}

LawScore Pathfinder::law_score() const {
  if (resample_) return {};
  return [laws = chosen_](const Tensor& x) {
    torch::NoGradGuard no_grad;
    return laws.mixture_score(x.detach().to(torch::kCPU, torch::kDouble)).to(x.device());
  };
}

targets::ValueAndScore Pathfinder::evaluate(const Tensor& x) const {
  const targets::ValueAndScore both = target_.value_and_score(x.to(placement_.dtype(torch::kDouble)));
  return {both.value.to(torch::kCPU, torch::kDouble), both.score.to(torch::kCPU, torch::kDouble)};
}

void Pathfinder::save(Archive& archive) const {
  archive.put("mean", chosen_.mean);
  archive.put("scale", chosen_.scale);
  archive.put("axes", chosen_.axes);
  archive.put("lower", chosen_.lower);
  if (!pool_.defined()) return;
  archive.put("pool", pool_);
  archive.put("weights", weights_);
}

void Pathfinder::load(const Archive& archive) {
  const int64_t count = archive.get("mean").size(0);
  PathNormals laws = PathNormals::isotropic(count, target_.dim(), std::min(target_.dim(), 2 * pairs_), 1);
  archive.restore("mean", laws.mean);
  archive.restore("scale", laws.scale);
  archive.restore("axes", laws.axes);
  archive.restore("lower", laws.lower);
  chosen_ = laws;
  pool_ = Tensor();
  if (!archive.has("pool")) return;
  Tensor pool = torch::empty({archive.get("pool").size(0), target_.dim()}, torch::kDouble);
  Tensor weights = torch::empty({pool.size(0)}, torch::kDouble);
  archive.restore("pool", pool);
  archive.restore("weights", weights);
  pool_ = pool, weights_ = weights;
}

void add_pathfinder(SamplerRegistry& registry) {
  registry.add(
      {.name = "pathfinder",
       .summary = "multi-path Pathfinder: normal laws along L-BFGS paths, chosen by their ELBO and resampled",
       .citation = "Zhang, Carpenter, Gelman and Vehtari (2022), JMLR 23",
       .facts = {"Pathfinder", DrawsAre::trained},
       .options = {Option::integer("paths", 20, "paths, all in one batch").at_least(1).at_most(10000),
                   Option::integer("pairs", 6, "last steps of a path that its curvature is estimated from")
                       .at_least(1),
                   Option::integer("iterations", 200, "most iterations of a path").at_least(1),
                   Option::real("slope_left", 0.9,
                                "share of the first slope that may be left where a line search ends")
                       .above(0)
                       .at_most(0.99),
                   Option::integer("elbo_draws", 25, "draws that judge a normal law").at_least(1),
                   Option::flag("resample", true,
                                "draw by importance weights from a pool once all paths have ended"),
                   Option::integer("pool", 250, "draws of each path in the pool")
                       .at_least(1)
                       .only_if("resample", true)},
       .make = [](const SamplerInput& input) { return std::make_unique<Pathfinder>(input); }});
}

}  // namespace samplerbench::samplers
