// SPDX-License-Identifier: BSL-1.0
// Trainings that the processes of an MPI program share: the batches of each step are divided among them, and
// their gradients summed in the order of the batches, so that bits do not depend on the number of processes.
// Opt-in: needs an MPI library.
#pragma once
#include "../../support/compiler/begin.hpp"

#include <mpi.h>

#include <algorithm>
#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <exception>
#include <iostream>
#include <limits>
#include <optional>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

#include "../../support/compiler/exceptions.hpp"
#include "train.hpp"

namespace tg::mpi {

/// Starts MPI, if nobody has, and ends it with the scope; the process's number, and how many there are.
class session {
 public:
  session() {
    int begun = 0;
    MPI_Initialized(&begun);
    own_ = begun == 0;
    if (own_) MPI_Init(nullptr, nullptr);
    MPI_Comm_rank(MPI_COMM_WORLD, &rank_);
    MPI_Comm_size(MPI_COMM_WORLD, &size_);
  }
  session(const session&) = delete;
  session& operator=(const session&) = delete;
  ~session() {
    if (own_) MPI_Finalize();
  }
  int rank() const { return rank_; }
  int size() const { return size_; }

 private:
  bool own_ = false;
  int rank_ = 0, size_ = 1;
};

}  // namespace tg::mpi

namespace tg::detail {

/// What went wrong in one of the processes, in all of them.
class failed_together : public std::runtime_error {
  using std::runtime_error::runtime_error;
};

class processes {
 public:
  processes() {
    int begun = 0;
    MPI_Initialized(&begun);
    if (begun == 0) raise(std::logic_error("mpi::train: MPI is not running; make a tg::mpi::session first."));
    MPI_Comm_rank(MPI_COMM_WORLD, &rank), MPI_Comm_size(MPI_COMM_WORLD, &size);
  }

  /// Calls f in each process; if one throws, all do.
  template <class F>
  void together(F f) const {
    std::string wrong;
    TYPEGRAD_TRY { f(); }
    TYPEGRAD_CATCH(const problem_error&, error) { wrong = error.sentence + '.'; }
    TYPEGRAD_CATCH(const std::exception&, error) {
      wrong = error.what();
      if (wrong.empty()) wrong = "an exception without a sentence.";
    }
    int first = wrong.empty() ? size : rank;
    MPI_Allreduce(MPI_IN_PLACE, &first, 1, MPI_INT, MPI_MIN, MPI_COMM_WORLD);
    if (first == size) return;
    auto length = static_cast<int>(wrong.size());
    MPI_Bcast(&length, 1, MPI_INT, first, MPI_COMM_WORLD);
    wrong.resize(static_cast<std::size_t>(length));
    MPI_Bcast(wrong.data(), length, MPI_CHAR, first, MPI_COMM_WORLD);
    raise(failed_together("in process " + std::to_string(first) + ": " + wrong));
  }
  template <class T>
  std::vector<T> of_all(std::span<const T> own) const {
    std::vector<T> all(own.size() * static_cast<std::size_t>(size));
    const auto bytes = static_cast<int>(own.size_bytes());
    MPI_Allgather(own.data(), bytes, MPI_BYTE, all.data(), bytes, MPI_BYTE, MPI_COMM_WORLD);
    return all;
  }

  int rank = 0, size = 1;
};

template <class T>
MPI_Datatype mpi_type() {
  return std::is_same_v<T, float> ? MPI_FLOAT : std::is_same_v<T, double> ? MPI_DOUBLE : MPI_LONG_DOUBLE;
}

template <class Step, class Loader, class V>
class shared_training final : public training_loop<Step, Loader, V> {
  using base = training_loop<Step, Loader, V>;
  using typename base::T;

 public:
  shared_training(const processes& all, Step& step, Loader& loader, V& weights,
                  const train_options<V>& options)
      : base(step, loader, weights, options), all_(all) {
    if (options.state != nullptr)
      raise(std::invalid_argument(
          "mpi::train: a state beside the weights would differ from process to process; freeze what it is "
          "of, "
          "or train it in one process."));
    if (this->weights_.size() > static_cast<std::size_t>(std::numeric_limits<int>::max()))
      raise(std::invalid_argument("mpi::train: there are more than 2^31 - 1 weights."));
    // Each process sums a part of the gradient.
    const std::size_t size = this->slopes_.size(), count = static_cast<std::size_t>(all.size);
    for (std::size_t k = 0; k <= count; ++k) begin_of_part_.push_back(static_cast<int>(size * k / count));
    for (std::size_t k = 0; k < count; ++k) part_.push_back(begin_of_part_[k + 1] - begin_of_part_[k]);
    begin_of_part_.pop_back();
  }

 private:
  void begin() override {
    all_.together([&] {
      base::begin();
      if (this->options_.checkpoint.empty()) this->sign();
    });
    compare();
  }

  /// Refuses processes that do not train the same.
  void compare() {
    const auto& o = this->options_;
    const auto number = [](double x) { return std::bit_cast<std::uint64_t>(x); };
    const std::string_view bytes(reinterpret_cast<const char*>(this->weights_.data()),
                                 this->weights_.size_bytes());
    const std::array<std::string_view, 15> names{"number of weights",
                                                 "weights",
                                                 "number of batches",
                                                 "rule",
                                                 "epochs",
                                                 "accumulate",
                                                 "evaluate",
                                                 "larger_is_better",
                                                 "patience",
                                                 "least_improvement",
                                                 "unsound",
                                                 "max_unsound",
                                                 "checkpoint_every",
                                                 "epoch in its checkpoint",
                                                 "batch in its checkpoint"};
    const std::array<std::uint64_t, 15> own{this->weights_.size(),
                                            hash_of(bytes),
                                            this->batches_,
                                            hash_of(o.rule.name),
                                            o.epochs,
                                            o.accumulate,
                                            o.evaluate ? 1u : 0u,
                                            o.larger_is_better ? 1u : 0u,
                                            o.patience,
                                            number(o.least_improvement),
                                            static_cast<std::uint64_t>(o.unsound),
                                            o.max_unsound,
                                            o.checkpoint_every,
                                            this->epoch_,
                                            this->index_};
    const auto of_all = all_.of_all(std::span<const std::uint64_t>(own));
    const auto& signature = this->signature_;
    const std::array<double, 5> signed_by{signature.loss, signature.rule, signature.schedule,
                                          signature.epoch_schedule, signature.treatments};
    const auto signatures = all_.of_all(std::span<const double>(signed_by));
    for (int process = 1; process < all_.size; ++process) {
      const std::size_t at = static_cast<std::size_t>(process);
      const std::string who = "mpi::train: process " + std::to_string(process);
      for (std::size_t k = 0; k < own.size(); ++k)
        if (of_all[at * own.size() + k] != of_all[k])
          raise(failed_together(who + " has another " + std::string(names[k]) +
                                " than process 0; give the same in all."));
      const auto of = [&](std::size_t which) {
        const double* const x = signatures.data() + which * 5;
        return training_signature{x[0], x[1], x[2], x[3], x[4]};
      };
      if (const std::string other = of(0).difference(of(at)); !other.empty())
        raise(failed_together(who + ' ' + other + '.'));
    }
  }

  /// In rounds of one batch for each process.
  void see(std::size_t last, train_moment& now, double& loss, double& weight) override {
    const std::size_t rank = static_cast<std::size_t>(all_.rank), size = static_cast<std::size_t>(all_.size);
    const bool alone = last - this->index_ == 1;
    part_sum_.assign(static_cast<std::size_t>(part_[rank]), T(0));
    for (; this->index_ < last; this->index_ += std::min(size, last - this->index_)) {
      const std::size_t count = std::min(size, last - this->index_);
      std::array<double, 2> own{};  // its loss and weight
      all_.together([&] {
        if (rank >= count) return;
        const std::size_t index = this->index_ + rank;
        auto&& rows = batch_of(this->loader_, this->epoch_, index);
        own[0] = this->ask(rows, {this->epoch_, index, this->epoch_ * this->batches_ + index});
        own[1] = weight_of(rows);
      });
      const std::vector<double> both = all_.of_all(std::span<const double>(own));
      if (alone) {
        loss = both[0], weight = both[1];
        MPI_Bcast(this->slopes_.data(), static_cast<int>(this->slopes_.size()), mpi_type<T>(), 0,
                  MPI_COMM_WORLD);
      } else {
        exchange(count);
        for (std::size_t k = 0; k < count; ++k) {
          loss += both[2 * k + 1] * both[2 * k];
          weight += both[2 * k + 1];
          const T share = static_cast<T>(both[2 * k + 1]);
          const T* const slopes = received_.data() + k * part_sum_.size();
          for (std::size_t i = 0; i < part_sum_.size(); ++i) part_sum_[i] += share * slopes[i];
        }
      }
    }
    now = {this->epoch_, last - 1, this->epoch_ * this->batches_ + last - 1};
    if (alone) return;
    loss /= weight;
    for (T& each : part_sum_) each = each / static_cast<T>(weight);
    MPI_Allgatherv(part_sum_.data(), part_[rank], mpi_type<T>(), this->slopes_.data(), part_.data(),
                   begin_of_part_.data(), mpi_type<T>(), MPI_COMM_WORLD);
  }
  /// Each process gets its part of the gradients of the first `count`.
  void exchange(std::size_t count) {
    const std::size_t rank = static_cast<std::size_t>(all_.rank), size = part_.size();
    std::vector<int> sent(size, 0), expected(size, 0), places(size, 0);
    for (std::size_t k = 0; k < size; ++k) {
      if (rank < count) sent[k] = part_[k];
      if (k < count) expected[k] = part_[rank];
      places[k] = static_cast<int>(k) * part_[rank];
    }
    received_.resize(size * part_sum_.size());
    MPI_Alltoallv(this->slopes_.data(), sent.data(), begin_of_part_.data(), mpi_type<T>(), received_.data(),
                  expected.data(), places.data(), mpi_type<T>(), MPI_COMM_WORLD);
  }

  /// One that ends ends all.
  void settle() override {
    int ended = this->going_ ? 0 : static_cast<int>(this->result_.reason) + 1;
    MPI_Allreduce(MPI_IN_PLACE, &ended, 1, MPI_INT, MPI_MAX, MPI_COMM_WORLD);
    if (ended > 0) this->end(static_cast<train_end>(ended - 1));
  }
  bool writes() const override { return all_.rank == 0; }

  const processes& all_;
  std::vector<int> part_, begin_of_part_;
  std::vector<T> part_sum_, received_;
};

}  // namespace tg::detail

namespace tg::mpi {

/// tg::train in all processes of an MPI program at once: the `accumulate` batches of a step are divided among
/// them. Each calls it with the same arguments and ends with the same weights, which have the bits of
/// tg::train with these options in one process: gradients are summed in the order of the batches, whoever
/// computed them, and each process sums a part. Progress and checkpoints are written by process 0; all read
/// the file. Cost of a step: the time of accumulate / processes batches, and each gradient sent once.
/// Errors: std::runtime_error in all processes where weights, options, model or data differ between them, and
/// where a step or a loader throws in one of them; what `evaluate` and listeners throw ends all processes
/// with its sentence. As tg::train else; no `state`.
template <class Step, class Loader, detail::DenseVector V>
train_result<detail::number_of<V>> train(Step&& step, Loader&& loader, V& weights,
                                         const std::type_identity_t<train_options<V>>& options = {}) {
  using shared = detail::shared_training<std::remove_reference_t<Step>, std::remove_reference_t<Loader>, V>;
  static_assert(shared::fits,
                "train: the step must be callable with (batch, weights, slopes), perhaps also a "
                "tg::train_moment, and return the loss.");
  const detail::processes all;
  train_result<detail::number_of<V>> result;
  TYPEGRAD_TRY {
    train_options<V> own = options;
    if (all.rank > 0) own.progress = nullptr;
    std::optional<shared> training;
    all.together([&] { training.emplace(all, step, loader, weights, own); });
    result = (*training)();
    MPI_Barrier(MPI_COMM_WORLD);  // the checkpoint is written
  }
  TYPEGRAD_CATCH(const detail::failed_together&, error) { static_cast<void>(error), detail::raise_again(); }
  TYPEGRAD_CATCH(const std::exception&, error) {
    std::cerr << "mpi::train: process " << all.rank << ": " << error.what() << std::endl;
    MPI_Abort(MPI_COMM_WORLD, 1);
  }
  return result;
}

}  // namespace tg::mpi

#include "../../support/compiler/end.hpp"
