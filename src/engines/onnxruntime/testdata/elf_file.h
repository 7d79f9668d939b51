// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
#pragma once

#include <elf.h>

#include <cstring>
#include <string>
#include <vector>

namespace baton::test {

/// A file that names libraries as needed, as the dynamic linker reads it, and holds nothing else.
inline std::string elf_file(const std::vector<std::string>& needed) {
  std::string names(1, '\0');
  std::vector<Elf64_Dyn> entries;
  for (const std::string& name : needed) {
    entries.push_back({.d_tag = DT_NEEDED, .d_un = {.d_val = names.size()}});
    names += name + '\0';
  }
  const std::size_t dynamic_at = sizeof(Elf64_Ehdr) + 2 * sizeof(Elf64_Phdr);
  const std::size_t dynamic_size = (entries.size() + 2) * sizeof(Elf64_Dyn);
  const std::size_t names_at = dynamic_at + dynamic_size;
  entries.push_back({.d_tag = DT_STRTAB, .d_un = {.d_ptr = names_at}});
  entries.push_back({.d_tag = DT_NULL, .d_un = {.d_val = 0}});

  Elf64_Ehdr header{};
  std::memcpy(header.e_ident, ELFMAG, SELFMAG);
  header.e_ident[EI_CLASS] = ELFCLASS64;
  header.e_phoff = sizeof(header);
  header.e_phentsize = sizeof(Elf64_Phdr);
  header.e_phnum = 2;
  Elf64_Phdr load{};
  load.p_type = PT_LOAD;
  load.p_filesz = names_at + names.size();
  Elf64_Phdr dynamic{};
  dynamic.p_type = PT_DYNAMIC;
  dynamic.p_offset = dynamic.p_vaddr = dynamic_at;
  dynamic.p_filesz = dynamic_size;

  std::string file;
  const auto add = [&](const auto& part) { file.append(reinterpret_cast<const char*>(&part), sizeof(part)); };
  add(header);
  add(load);
  add(dynamic);
  for (const Elf64_Dyn& entry : entries) add(entry);
  return file + names;
}

}  // namespace baton::test
