// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
#include "program.h"

int main(int argc, char** argv) { return baton::tool::baton_main(argc, argv); }
