// SPDX-License-Identifier: BSL-1.0
// The budgets: how much is tried before a result is taken as it is. Every one trades what is found for what
// the compiler pays, and changing one changes results, so they stand here together, each with its reason.
// tg::cost says by `limited` whether one was exceeded.
#pragma once
#include "../support/compiler/begin.hpp"

namespace tg::detail {

struct budgets {
  // Derivatives and canonical form.

  /// Nodes up to which forward and reverse are both built and the cheaper is kept.
  static constexpr int both_modes = 250;
  /// Operands of a product of arrays up to which all parts that it may have in common with another are tried.
  static constexpr int common_operands = 5;
  /// Sweeps in which a formula of arrays comes into canonical form; three have been enough so far.
  static constexpr int array_sweeps = 4;
  /// Nodes up to which exponentials are related and factors cancelled.
  static constexpr int shortened = 500;
  /// Outputs times nodes up to which the rows of a Jacobian are gradients of their own.
  static constexpr int rows_one_by_one = 1200;
  /// Nodes of a gradient up to which its sums are brought over one denominator: beyond, the compiler takes
  /// half as long again.
  static constexpr int shorter = 42;
  /// Exponentials that are compared: each pair is a division of polynomials.
  static constexpr int related_exponents = 12;
  /// Factors of a monomial; a longer product is compared as one thing.
  static constexpr int factors_of_term = 6;
  /// Terms of a polynomial that an exponential is related by.
  static constexpr int terms_of_sum = 16;
  /// Different factors in one derivative that is shortened: symbols, functions, sums, prime numbers.
  static constexpr int atoms = 14;
  /// Factors of one product that are followed through its quotients.
  static constexpr int cancelled_factors = 16;
  /// Terms of a sum each pair of which is looked at for one that both are part of.
  static constexpr int joined_terms = 8;
  /// Addends of two sums that are compared, addend by addend, to become one term.
  static constexpr int joined_addends = 8;

  /// Different terms of two sums that are weighed to see whether a number is left.
  static constexpr int weighed_terms = 12;
  /// Nodes one below the other that a polynomial is read from; what is deeper is one thing.
  static constexpr int polynomial_depth = 12;
  /// Exponent to which a power of a polynomial is multiplied out.
  static constexpr int multiplied_out = 4;
  /// Levels below a node down to which its sign is looked for: each may double the nodes that are visited.
  static constexpr int sign_levels = 4;
  /// Levels below a node down to which another one is looked for, where most stand next to it.
  static constexpr int near_levels = 3;

  // From a type to a graph and back.

  /// Nodes, about a third of what clang's default allowance of steps does at once.
  static constexpr int one_step = 400;
  /// Nodes from which a formula has a short tag instead of itself in other names.
  static constexpr int stored_from = 100;

  // Programs.

  /// Nodes of a program of whose sums all terms are compared with what cancels; in a longer one only sums of
  /// a number and another term, as exp(x) - 1.
  static constexpr int compared_terms = 800;
  /// Nodes of a program whose products are compared with one another.
  static constexpr int shared_products = 800;
  /// Pairs of factors; beyond, clang's allowance of steps would be used up.
  static constexpr int shared_pairs = 8000;
  /// Common factors that are made at most.
  static constexpr int shared_factors = 200;
  /// Nodes of a quotient: products in products have more factors than nodes.
  static constexpr int split_visits = 32;
  /// Terms of a polynomial in exponentials.
  static constexpr int exponential_terms = 28;
  /// Conditions times nodes; each look costs steps of the compiler.
  static constexpr int block_looks = 20000;
  /// Choices times nodes of a graph whose blocks are asked for before it is finished, which costs more.
  static constexpr int early_block_looks = 40000;
  /// Exponent up to which a power is made of products; beyond, pow is as fast and rounds once.
  static constexpr int multiplied_power = 64;
  /// Nodes that are ordered together; with more, numbers are kept for longer.
  static constexpr int interleaved = 320;
  /// Steps of a part; two operands each are below clang's 256 terms of a fold.
  static constexpr int part_steps = 80;
  /// Steps of a program that is one function: beyond, each costs more and more time.
  static constexpr int function_steps = 3200;
  /// Steps of each function of a longer one.
  static constexpr int group_steps = 640;

  // Texts.

  /// Nodes of a tree that is written without names for its parts.
  static constexpr int written_tree = 200;
  /// Depth of parentheses.
  static constexpr int written_depth = 40;
  /// Nodes of a nested type.
  static constexpr int largest_tree_t = 256;
};

}  // namespace tg::detail

#include "../support/compiler/end.hpp"
