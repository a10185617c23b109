// Which line of a message of several lines is quoted.
#include "core/error.h"

#include <gtest/gtest.h>

namespace samplerbench {
namespace {

// As LibTorch 1.13 writes it; a method of a module that C++ defined is not indented in its trace.
const std::string kInterpreter =
    "The following operation failed in the TorchScript interpreter.\n"
    "Traceback of TorchScript, serialized code (most recent call last):\n"
    "  File \"code/__torch__/M.py\", line 5, in forward\n"
    "    x: Tensor) -> Tensor:\n"
    "    return torch.mm(x, self.w)\n"
    "           ~~~~~~~~ <--- HERE\n"
    "\n"
    "Traceback of TorchScript, original code (most recent call last):\n"
    "  File \"<string>\", line 2, in forward\n"
    "def forward(self, x):\n"
    "    return x.mm(self.w)\n"
    "           ~~~~ <--- HERE\n"
    "RuntimeError: mat1 and mat2 shapes cannot be multiplied (2x3 and 2x2)\n";

const std::string kFrames =
    "Exception raised from mm at ../aten/src/ATen/native/LinearAlgebra.cpp:190 (most recent call first):\n"
    "frame #0: c10::Error::Error(c10::SourceLocation, std::string) + 0x6c (0x7f libc10.so)\n"
    "frame #1: <unknown function> + 0x2a (0x7f libtorch_cpu.so)\n";

std::string brief_of(const std::string& message) { return brief(std::runtime_error(message)); }

TEST(Brief, IsTheFirstLineThatIsNotBlank) {
  EXPECT_EQ(brief_of("it fails"), "it fails");
  EXPECT_EQ(brief_of("it fails\nValueError: no trace is before this"), "it fails");
  EXPECT_EQ(brief_of("size mismatch (2x3)\n" + kFrames), "size mismatch (2x3)");
  EXPECT_EQ(brief_of("\n\n  Unknown builtin op: aten::newer. \r\nCould not find it:\n  ~~~ <--- HERE\n"),
            "Unknown builtin op: aten::newer.");
  EXPECT_EQ(brief_of(""), "");
  EXPECT_EQ(brief_of(" \n\n"), "");
}

TEST(Brief, IsTheErrorAfterATraceOfTorchScript) {
  const std::string cause = "RuntimeError: mat1 and mat2 shapes cannot be multiplied (2x3 and 2x2)";
  EXPECT_EQ(brief_of(kInterpreter), cause);
  EXPECT_EQ(brief_of(kInterpreter + "a second line of the cause\n"), cause);
  std::string raised = kInterpreter;
  raised.replace(raised.find("RuntimeError: "), 14, "builtins.ValueError: ");
  EXPECT_EQ(brief_of(raised), "builtins.ValueError: mat1 and mat2 shapes cannot be multiplied (2x3 and 2x2)");
}

TEST(Brief, OfATraceThatBreaksOffIsTheFirstLine) {
  EXPECT_EQ(brief_of("it fails\nTraceback (most recent call last):\n  File \"a.py\", line 1\n"), "it fails");
}

TEST(TracedError, IsTheExceptionOfPython) {
  const std::string trace =
      "Traceback (most recent call last):\n  File \"a.py\", line 3, in <module>\n    work()\n";
  EXPECT_EQ(traced_error("step 1\n" + trace + "ValueError: not so\nbut so\n"), "ValueError: not so");
  EXPECT_EQ(traced_error(trace + "KeyboardInterrupt\n"), "KeyboardInterrupt");
  EXPECT_EQ(traced_error(trace + "my.Refusal: of its own kind\nand more"), "my.Refusal: of its own kind");
  EXPECT_EQ(traced_error(trace + "KeyError: 'a'\n\nDuring handling of the above exception, another exception "
                                 "occurred:\n\n" +
                         trace + "OSError: the last one\n"),
            "OSError: the last one");
  EXPECT_EQ(traced_error(trace + "RuntimeError: " + kInterpreter),
            "RuntimeError: mat1 and mat2 shapes cannot be multiplied (2x3 and 2x2)");
  EXPECT_EQ(traced_error("ValueError: without a trace\n"), "");
  EXPECT_EQ(traced_error(""), "");
}

}  // namespace
}  // namespace samplerbench
