#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace samplerbench {

// "unknown target 'donot'; did you mean 'donut'? Known: donut, funnel, gaussian".
std::string unknown_name(std::string_view kind, std::string_view given,
                         const std::vector<std::string>& known);

}  // namespace samplerbench
