// SPDX-License-Identifier: BSL-1.0
//
// Levenberg-Marquardt on bundle adjustment: typegrad with exact derivatives against Ceres Solver with its
// Jets, on the same problems, from the same starts to the same tolerance. typegrad's time includes standard
// errors. Prints a table of CPU times for a whole minimisation, and ends with status 1 where the two do not
// reach the same cost or where typegrad is slower. Usage: levenberg_marquardt [ROUNDS]
#include "problems/reprojection.hpp"

#include <ceres/ceres.h>

#include <typegrad/optimize/levenberg_marquardt.hpp>
#include <typegrad/typegrad.hpp>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <functional>
#include <span>
#include <string>
#include <vector>

namespace {

/// A relative decrease of the cost below this ends both. Costs then agree to this.
constexpr double tolerance = 1e-9;

constexpr int camera_size = 11, point_size = 3;

/// What was seen of a point in a camera.
struct observation {
  std::size_t camera, point;
  std::array<double, 2> seen;
};

/// Cameras of 11 numbers each, points of 3 after them, of which the last `known` are no parameters: they fix
/// the frame.
struct scene {
  std::size_t cameras, points, known;
  std::vector<observation> observations;
  std::vector<double> start;
  std::size_t first_number(std::size_t point) const { return cameras * camera_size + point * point_size; }
  std::size_t parameters() const { return first_number(points - known); }
  bool is_known(std::size_t point) const { return point >= points - known; }
};

/// Cameras around points, images with noise of half a pixel, and a start that is off by some per cent.
scene make_scene(std::size_t cameras, std::size_t points, std::size_t known) {
  bench::random_numbers random(20240301);
  scene s{cameras, points, known, {}, std::vector<double>(cameras * camera_size + points * point_size)};
  std::vector<double> truth(s.start.size());
  for (std::size_t c = 0; c < cameras; ++c) {
    double* camera = truth.data() + c * camera_size;
    for (int i = 0; i < 6; ++i) camera[i] = random.uniform(-0.5, 0.5);
    camera[6] = random.uniform(400, 600);
    for (int i = 7; i < 9; ++i) camera[i] = random.uniform(-5, 5);
    camera[9] = random.uniform(-0.05, 0.05);
    camera[10] = random.uniform(-0.005, 0.005);
  }
  for (std::size_t p = 0; p < points; ++p) {
    double* point = truth.data() + s.first_number(p);
    point[0] = random.uniform(-3, 3), point[1] = random.uniform(-3, 3), point[2] = random.uniform(5, 10);
  }
  for (std::size_t c = 0; c < cameras; ++c)
    for (std::size_t p = 0; p < points; ++p) {
      double x[15], seen[2];
      const double none[2] = {0, 0};
      std::copy_n(truth.data() + c * camera_size, camera_size, x);
      std::copy_n(truth.data() + s.first_number(p), point_size, x + camera_size);
      x[14] = 1;
      bench::reprojection::formula(x, none, seen);
      s.observations.push_back(
          {c, p, {seen[0] + random.uniform(-0.5, 0.5), seen[1] + random.uniform(-0.5, 0.5)}});
    }
  s.start = truth;
  for (std::size_t i = 0; i < s.parameters(); ++i)
    s.start[i] = truth[i] * random.uniform(0.97, 1.03) + random.uniform(-0.01, 0.01);
  return s;
}

/// The formula of problems/reprojection.hpp with weight 1.
constexpr auto reprojection_error() {
  return tg::trace<"camera[11]", "point[3]", "seen[2]">([](auto camera, auto point, auto seen) {
    const auto p0 = point[0] - camera[3], p1 = point[1] - camera[4], p2 = point[2] - camera[5];
    const auto squared_angle = camera[0] * camera[0] + camera[1] * camera[1] + camera[2] * camera[2];
    const auto angle = sqrt(squared_angle);
    const auto cosine = cos(angle);
    const auto sine_over_angle = sin(angle) / angle;
    const auto along = (camera[0] * p0 + camera[1] * p1 + camera[2] * p2) * (1.0 - cosine) / squared_angle;
    const auto general = squared_angle > bench::reprojection::small_squared_angle;
    const auto c0 = camera[1] * p2 - camera[2] * p1, c1 = camera[2] * p0 - camera[0] * p2,
               c2 = camera[0] * p1 - camera[1] * p0;
    const auto q0 = where(general, p0 * cosine + c0 * sine_over_angle + camera[0] * along, p0 + c0);
    const auto q1 = where(general, p1 * cosine + c1 * sine_over_angle + camera[1] * along, p1 + c1);
    const auto q2 = where(general, p2 * cosine + c2 * sine_over_angle + camera[2] * along, p2 + c2);
    const auto u = q0 / q2, v = q1 / q2;
    const auto squared_radius = u * u + v * v;
    const auto distortion = 1.0 + squared_radius * (camera[9] + camera[10] * squared_radius);
    return std::array{camera[6] * distortion * u + camera[7] - seen[0],
                      camera[6] * distortion * v + camera[8] - seen[1]};
  });
}
constexpr auto error = reprojection_error();
constexpr auto camera_symbols = tg::symbols<"camera", 11>;
constexpr auto point_symbols = tg::symbols<"point", 3>;
constexpr auto seen_symbols = tg::symbols<"seen", 2>;

/// The same as a functor for Jets.
struct jet_error {
  std::array<double, 2> seen;
  const double* fixed_point = nullptr;

  template <class T>
  bool operator()(const T* camera, const T* point, T* residual) const {
    T x[15];
    std::copy_n(camera, camera_size, x);
    std::copy_n(point, point_size, x + camera_size);
    x[14] = T(1);
    bench::reprojection::formula(x, seen.data(), residual);
    return true;
  }
  template <class T>
  bool operator()(const T* camera, T* residual) const {
    const T point[point_size] = {T(fixed_point[0]), T(fixed_point[1]), T(fixed_point[2])};
    return (*this)(camera, point, residual);
  }
};

struct outcome {
  double cost;
  int iterations;
};

/// One camera is refined, the points are known.
outcome typegrad_camera(const scene& s) {
  constexpr auto value =
      tg::function(tg::inputs(camera_symbols, point_symbols, seen_symbols), tg::outputs(error));
  constexpr auto both = tg::function(tg::inputs(camera_symbols, point_symbols, seen_symbols),
                                     tg::outputs(error, tg::jacobian(error, camera_symbols)));
  using vector = std::array<double, camera_size>;
  const auto input = [&](const vector& camera, const observation& each, double* in) {
    std::copy_n(camera.data(), camera_size, in);
    std::copy_n(s.start.data() + s.first_number(each.point), point_size, in + camera_size);
    std::copy_n(each.seen.data(), 2, in + camera_size + point_size);
  };
  const auto problem = tg::least_squares(
      2 * s.observations.size(),
      [&](const vector& camera, std::span<double> r) {
        double in[16];
        for (std::size_t i = 0; i < s.observations.size(); ++i) {
          input(camera, s.observations[i], in);
          value(std::span<const double, 16>(in), std::span<double, 2>(r.data() + 2 * i, 2));
        }
      },
      [&](const vector& camera, std::span<double> jacobian) {
        double in[16], out[24];
        for (std::size_t i = 0; i < s.observations.size(); ++i) {
          input(camera, s.observations[i], in);
          both(std::span<const double, 16>(in), std::span<double, 24>(out));
          std::copy_n(out + 2, 22, jacobian.data() + 22 * i);
        }
      });
  vector start;
  std::copy_n(s.start.data(), camera_size, start.data());
  const auto fit = tg::levenberg_marquardt(problem, start, {.cost_tolerance = tolerance});
  return {fit.cost, static_cast<int>(fit.iterations)};
}

/// All cameras and all points, as one dense problem of run-time size.
outcome typegrad_bundle(const scene& s) {
  constexpr auto value =
      tg::function(tg::inputs(camera_symbols, point_symbols, seen_symbols), tg::outputs(error));
  constexpr auto both = tg::function(tg::inputs(camera_symbols, point_symbols, seen_symbols),
                                     tg::outputs(error, tg::jacobian(error, camera_symbols, point_symbols)));
  const auto input = [&](const std::vector<double>& v, const observation& each, double* in) {
    std::copy_n(v.data() + each.camera * camera_size, camera_size, in);
    std::copy_n((s.is_known(each.point) ? s.start : v).data() + s.first_number(each.point), point_size,
                in + camera_size);
    std::copy_n(each.seen.data(), 2, in + camera_size + point_size);
  };
  const auto problem = tg::least_squares(
      2 * s.observations.size(),
      [&](const std::vector<double>& v, std::span<double> r) {
        double in[16];
        for (std::size_t i = 0; i < s.observations.size(); ++i) {
          input(v, s.observations[i], in);
          value(std::span<const double, 16>(in), std::span<double, 2>(r.data() + 2 * i, 2));
        }
      },
      [&](const std::vector<double>& v, std::span<double> jacobian) {
        double in[16], out[30];
        std::fill(jacobian.begin(), jacobian.end(), 0.0);
        for (std::size_t i = 0; i < s.observations.size(); ++i) {
          const observation& each = s.observations[i];
          input(v, each, in);
          both(std::span<const double, 16>(in), std::span<double, 30>(out));
          for (std::size_t k = 0; k < 2; ++k) {
            double* row = jacobian.data() + (2 * i + k) * v.size();
            std::copy_n(out + 2 + 14 * k, camera_size, row + each.camera * camera_size);
            if (!s.is_known(each.point))
              std::copy_n(out + 2 + 14 * k + camera_size, point_size, row + s.first_number(each.point));
          }
        }
      });
  const std::vector<double> start(s.start.begin(),
                                  s.start.begin() + static_cast<std::ptrdiff_t>(s.parameters()));
  const auto fit = tg::levenberg_marquardt(problem, start, {.cost_tolerance = tolerance});
  return {fit.cost, static_cast<int>(fit.iterations)};
}

/// Ceres on either problem; the problem is built once, and only the solution is timed.
class ceres_solver {
 public:
  ceres_solver(const scene& s, ceres::LinearSolverType linear) : scene_(s), numbers_(s.start) {
    options_.linear_solver_type = linear;
    options_.function_tolerance = tolerance;
    options_.gradient_tolerance = options_.parameter_tolerance = 1e-16;
    options_.max_num_iterations = 1000;
    options_.logging_type = ceres::SILENT;
    for (const observation& each : scene_.observations) {
      double* camera = numbers_.data() + each.camera * camera_size;
      double* point = numbers_.data() + scene_.first_number(each.point);
      if (scene_.is_known(each.point))
        problem_.AddResidualBlock(
            new ceres::AutoDiffCostFunction<jet_error, 2, camera_size>(new jet_error{each.seen, point}),
            nullptr, camera);
      else
        problem_.AddResidualBlock(
            new ceres::AutoDiffCostFunction<jet_error, 2, camera_size, point_size>(new jet_error{each.seen}),
            nullptr, camera, point);
    }
  }

  outcome operator()() {
    std::copy(scene_.start.begin(), scene_.start.end(), numbers_.begin());
    ceres::Solver::Summary summary;
    ceres::Solve(options_, &problem_, &summary);
    return {summary.final_cost, static_cast<int>(summary.iterations.size()) - 1};
  }

 private:
  const scene& scene_;
  std::vector<double> numbers_;
  ceres::Solver::Options options_;
  ceres::Problem problem_;
};

double median(std::vector<double> v) {
  std::nth_element(v.begin(), v.begin() + static_cast<std::ptrdiff_t>(v.size() / 2), v.end());
  return v[v.size() / 2];
}

double seconds() { return static_cast<double>(std::clock()) / CLOCKS_PER_SEC; }

/// Measures in turn; true where typegrad, the first, is at least as fast as the `barred` ones after it, and
/// all costs agree.
bool compare(const char* title, int rounds, std::size_t barred,
             const std::vector<std::pair<const char*, std::function<outcome()>>>& ways) {
  std::vector<std::vector<double>> times(ways.size());
  std::vector<outcome> ends;
  for (const auto& [name, run] : ways) ends.push_back(run());
  for (int round = 0; round < rounds; ++round)
    for (std::size_t i = 0; i < ways.size(); ++i) {
      const double begin = seconds();
      int times_run = 0;
      do ways[i].second(), ++times_run;
      while (seconds() - begin < 0.02);
      times[i].push_back((seconds() - begin) / times_run);
    }
  std::printf("\n%s\n  %-32s%12s%9s%7s%22s\n", title, "", "ms", "ratio", "steps", "cost");
  bool good = true;
  const double ours = median(times[0]);
  for (std::size_t i = 0; i < ways.size(); ++i) {
    const double time = median(times[i]);
    const bool same_cost = std::abs(ends[i].cost - ends[0].cost) <= 10 * tolerance * ends[0].cost;
    std::printf("  %-32s%12.3f%9.2f%7d%22.12g%s\n", ways[i].first, 1e3 * time, time / ours,
                ends[i].iterations, ends[i].cost, same_cost ? "" : "  NOT the same minimum");
    good = good && same_cost && (i > barred || time >= ours);
  }
  std::printf("  bar: at least as fast as %s, to the same cost: %s\n",
              barred + 1 == ways.size() ? "Ceres" : "Ceres by QR, as typegrad's own",
              good ? "kept" : "MISSED");
  return good;
}

}  // namespace

int main(int argc, char** argv) {
  const int rounds = argc > 1 ? std::atoi(argv[1]) : 25;
  std::printf("CPU time of a whole minimisation, median of %d rounds measured in turn; ratio to typegrad.\n",
              rounds);
  bool good = true;
  {
    const scene s = make_scene(1, 400, 400);
    ceres_solver qr(s, ceres::DENSE_QR), cholesky(s, ceres::DENSE_NORMAL_CHOLESKY);
    good &= compare("one camera of 11 numbers, 400 points, 800 residuals", rounds, 2,
                    {{"typegrad", [&] { return typegrad_camera(s); }},
                     {"Ceres, Jets, QR", [&] { return qr(); }},
                     {"Ceres, Jets, normal equations", [&] { return cholesky(); }}});
  }
  {
    const scene s = make_scene(2, 160, 154);
    ceres_solver qr(s, ceres::DENSE_QR), cholesky(s, ceres::DENSE_NORMAL_CHOLESKY);
    good &=
        compare("2 cameras of 11 numbers, 6 points of 3, 154 known points, 640 residuals, dense", rounds, 1,
                {{"typegrad", [&] { return typegrad_bundle(s); }},
                 {"Ceres, Jets, QR", [&] { return qr(); }},
                 {"Ceres, Jets, normal equations", [&] { return cholesky(); }}});
  }
  return good ? 0 : 1;
}
