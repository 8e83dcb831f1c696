// SPDX-License-Identifier: BSL-1.0
// Products of matrices of float, one thread: typegrad compiled with -O2 alone, Eigen compiled for this
// machine, oneDNN and OpenBLAS, those that are installed. N and T say whether A and B are stored by rows or
// by columns. All must agree before anything is measured.
#include <benchmark/benchmark.h>

#include <cmath>
#include <cstdio>
#include <string>
#include <typegrad/lanes/product.hpp>
#include <vector>

#ifdef BENCH_ONEDNN
#include <dnnl.h>
#endif
#ifdef BENCH_OPENBLAS
#include <cblas.h>
#endif

namespace bench {
void eigen_product(bool a_columns, bool b_columns, std::ptrdiff_t m, std::ptrdiff_t k, std::ptrdiff_t n,
                   const float* a, const float* b, float* c);
}

namespace {

struct problem {
  std::ptrdiff_t m, k, n;
  bool a_columns = false, b_columns = false;
  std::string name() const {
    const auto letter = [](bool columns) { return columns ? "T" : "N"; };
    return std::to_string(m) + "x" + std::to_string(k) + "x" + std::to_string(n) + "_" + letter(a_columns) +
           letter(b_columns);
  }
};

constexpr problem problems[] = {{16, 16, 16},
                                {32, 32, 32},
                                {64, 64, 64},
                                {128, 128, 128},
                                {256, 256, 256},
                                {32, 64, 32},
                                {64, 784, 128},
                                {784, 64, 128, true},
                                {64, 128, 784, false, true},
                                {512, 1536, 384},
                                {512, 384, 384},
                                {1, 784, 128},
                                {1, 784, 128, false, true},
                                {784, 128, 1},
                                {784, 128, 1, true}};

using numbers = std::vector<float>;
using way = void (*)(const problem&, const numbers&, const numbers&, numbers&);

void by_typegrad(const problem& p, const numbers& a, const numbers& b, numbers& c) {
  static numbers scratch;
  scratch.resize(static_cast<std::size_t>(tg::lanes::scratch_size<float>(p.m, p.k, p.n)));
  tg::lanes::product<float> each{.m = p.m,
                                 .k = p.k,
                                 .n = p.n,
                                 .a = {a.data(), p.a_columns ? 1 : p.k, p.a_columns ? p.m : 1},
                                 .b = {b.data(), p.b_columns ? 1 : p.n, p.b_columns ? p.k : 1},
                                 .c = {c.data(), p.n, 1}};
  tg::lanes::multiply(each, scratch.data());
}

const std::vector<std::pair<const char*, way>> ways = {
    {"typegrad", by_typegrad},
#ifdef BENCH_EIGEN
    {"Eigen",
     [](const problem& p, const numbers& a, const numbers& b, numbers& c) {
       bench::eigen_product(p.a_columns, p.b_columns, p.m, p.k, p.n, a.data(), b.data(), c.data());
     }},
#endif
#ifdef BENCH_ONEDNN
    {"oneDNN",
     [](const problem& p, const numbers& a, const numbers& b, numbers& c) {
       dnnl_sgemm(p.a_columns ? 'T' : 'N', p.b_columns ? 'T' : 'N', p.m, p.n, p.k, 1, a.data(),
                  p.a_columns ? p.m : p.k, b.data(), p.b_columns ? p.k : p.n, 0, c.data(), p.n);
     }},
#endif
#ifdef BENCH_OPENBLAS
    {"OpenBLAS",
     [](const problem& p, const numbers& a, const numbers& b, numbers& c) {
       const auto whole = [](std::ptrdiff_t x) { return static_cast<int>(x); };
       cblas_sgemm(CblasRowMajor, p.a_columns ? CblasTrans : CblasNoTrans,
                   p.b_columns ? CblasTrans : CblasNoTrans, whole(p.m), whole(p.n), whole(p.k), 1, a.data(),
                   whole(p.a_columns ? p.m : p.k), b.data(), whole(p.b_columns ? p.k : p.n), 0, c.data(),
                   whole(p.n));
     }},
#endif
};

struct operands {
  numbers a, b, c;
  explicit operands(const problem& p)
      : a(static_cast<std::size_t>(p.m * p.k)),
        b(static_cast<std::size_t>(p.k * p.n)),
        c(static_cast<std::size_t>(p.m * p.n)) {
    for (std::size_t i = 0; i < a.size(); ++i) a[i] = std::sin(static_cast<float>(i));
    for (std::size_t i = 0; i < b.size(); ++i) b[i] = std::cos(static_cast<float>(i));
  }
};

bool all_agree(const problem& p) {
  operands first(p), other(p);
  ways[0].second(p, first.a, first.b, first.c);
  for (const auto& [name, compute] : ways) {
    compute(p, other.a, other.b, other.c);
    for (std::size_t i = 0; i < first.c.size(); ++i)
      if (!(std::fabs(first.c[i] - other.c[i]) <= 1e-5F * static_cast<float>(p.k))) {
        std::printf("bench: %s differs at %s\n", name, p.name().c_str());
        return false;
      }
  }
  return true;
}

}  // namespace

int main(int argc, char** argv) {
  for (const problem& p : problems) {
    if (!all_agree(p)) return 1;
    for (const auto& [name, compute] : ways)
      benchmark::RegisterBenchmark(
          (p.name() + "/" + name).c_str(), [&p, run = compute](benchmark::State& state) {
            operands x(p);
            for (auto _ : state) {
              run(p, x.a, x.b, x.c);
              benchmark::ClobberMemory();
            }
            state.counters["flops"] = benchmark::Counter(2.0 * static_cast<double>(p.m * p.k * p.n),
                                                         benchmark::Counter::kIsIterationInvariantRate);
          });
  }
  benchmark::Initialize(&argc, argv);
  if (benchmark::ReportUnrecognizedArguments(argc, argv)) return 1;
  benchmark::RunSpecifiedBenchmarks();
  benchmark::Shutdown();
  return 0;
}
