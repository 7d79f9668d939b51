// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
#include "base/code_pages.h"

#if defined(__linux__)
#include <link.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cstdint>
#endif

namespace baton::base {

#if defined(__linux__)
namespace {

int return_pages_of(dl_phdr_info* library, std::size_t, void* wanted) {
  const std::string_view path = library->dlpi_name;
  if (path.find(*static_cast<const std::string_view*>(wanted)) == std::string_view::npos) return 0;
  const auto page = static_cast<std::uintptr_t>(::sysconf(_SC_PAGESIZE));
  for (int i = 0; i < library->dlpi_phnum; ++i) {
    const auto& segment = library->dlpi_phdr[i];
    if (segment.p_type != PT_LOAD || (segment.p_flags & PF_W) != 0) continue;
    const std::uintptr_t begin = (library->dlpi_addr + segment.p_vaddr + page - 1) / page * page;
    const std::uintptr_t end = (library->dlpi_addr + segment.p_vaddr + segment.p_memsz) / page * page;
    if (begin < end) ::madvise(reinterpret_cast<void*>(begin), end - begin, MADV_DONTNEED);
  }
  return 0;
}

}  // namespace

void return_code_pages(std::string_view path_part) { ::dl_iterate_phdr(return_pages_of, &path_part); }
#else
void return_code_pages(std::string_view) {}
#endif

}  // namespace baton::base
