// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
#include "random/lock_depth.h"

#include <pthread.h>

namespace {
thread_local int depth = 0;
}

extern "C" {

int __real_pthread_mutex_lock(pthread_mutex_t* mutex);
int __real_pthread_mutex_trylock(pthread_mutex_t* mutex);
int __real_pthread_mutex_unlock(pthread_mutex_t* mutex);

int __wrap_pthread_mutex_lock(pthread_mutex_t* mutex) {
  const int error = __real_pthread_mutex_lock(mutex);
  if (error == 0) ++depth;
  return error;
}

int __wrap_pthread_mutex_trylock(pthread_mutex_t* mutex) {
  const int error = __real_pthread_mutex_trylock(mutex);
  if (error == 0) ++depth;
  return error;
}

int __wrap_pthread_mutex_unlock(pthread_mutex_t* mutex) {
  --depth;
  return __real_pthread_mutex_unlock(mutex);
}

}  // extern "C"

namespace baton::test {

int lock_depth() { return depth; }

}  // namespace baton::test
