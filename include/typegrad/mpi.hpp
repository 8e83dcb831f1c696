// SPDX-License-Identifier: BSL-1.0
// Trainings that the processes of an MPI program share. Opt-in: needs an MPI library.
#pragma once
#include "support/compiler/begin.hpp"

#include <mpi.h>

#include "learn/train/shared_training.hpp"
#include "training.hpp"

#include "support/compiler/end.hpp"
