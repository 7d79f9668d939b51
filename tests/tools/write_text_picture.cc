// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
//
// Draws a line of text for the examples that read pictures: write_text_picture TEXT FILE.ppm
#include <fstream>

#include "text_picture.h"

int main(int argc, char** argv) {
  if (argc != 3) return 2;
  const baton::tool::GreyPicture picture = baton::tool::draw_text(argv[1], 320, 48);
  std::ofstream file(argv[2], std::ios::binary);
  file << "P6\n" << picture.width << " " << picture.height << "\n255\n";
  for (const float pixel : picture.pixels)
    for (int channel = 0; channel < 3; ++channel) file.put(static_cast<char>(static_cast<unsigned char>(pixel)));
  return file ? 0 : 1;
}
