#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "harness/report/figures/figure.h"

namespace samplerbench::harness::reporting {

inline const std::vector<std::string> kPictureFormats{"svg", "png", "pdf"};

// Draws every figure in these formats, of kPictureFormats, into `folder`, and leaves its script and its data
// beside the pictures, so that a reader can draw it again: gnuplot -e "format='pdf'" STEM.gp. As many
// gnuplots run at once as there are cores. Sets Figure::drawn. What goes wrong is a line in `warnings`; a
// missing gnuplot is one line in all. Throws CannotWrite.
void draw_figures(std::vector<Figure>& figures, const std::filesystem::path& folder,
                  const std::vector<std::string>& formats, std::vector<std::string>& warnings);

// PDFs at the widths of a paper beside them, STEM-column.pdf and STEM-page.pdf, each with its script; no
// letter is smaller than 7 pt.
void draw_for_paper(std::vector<Figure>& figures, const std::filesystem::path& folder,
                    std::vector<std::string>& warnings);

// The same in the best format alone, in few bytes, and without script and data.
void draw_light_figures(std::vector<Figure>& figures, const std::filesystem::path& folder,
                        std::vector<std::string>& warnings);

}  // namespace samplerbench::harness::reporting
