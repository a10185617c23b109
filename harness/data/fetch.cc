#include "harness/data/fetch.h"

#include <curl/curl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <exception>
#include <memory>
#include <utility>

#include "harness/data/file_hash.h"
#include "harness/support/files.h"

namespace samplerbench::harness {
namespace {

namespace fs = std::filesystem;

constexpr size_t kBufferBytes = 1 << 20;       // kept back until they are written
constexpr int64_t kSlowBytesPerSecond = 1024;  // a slower transfer stalls
constexpr int64_t kConnectSeconds = 20;        // at most
constexpr int64_t kMostBytes = 1LL << 30;      // of a file whose size is not known beforehand
constexpr int64_t kStatusOk = 200;             // HTTP: the whole file, whatever part was asked for
constexpr int64_t kStatusNoSuchRange = 416;    // HTTP

// Thrown where one mirror does not supply the file; the message says why.
class MirrorFailed : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

// The file `<goal>.part`, locked by this process: the bytes that are here already.
class Part {
 public:
  explicit Part(const fs::path& goal) : goal_(goal), path_(goal.string() + ".part") {
    make_folder(goal.parent_path());
    file_ = open_locked(path_);
    size_ = ::lseek(file_, 0, SEEK_END);
  }
  ~Part() {
    if (file_ < 0) return;
    if (size_ == 0) ::unlink(path_.c_str());
    ::close(file_);
  }
  Part(const Part&) = delete;
  Part& operator=(const Part&) = delete;

  int64_t size() const { return size_; }
  std::string sha256() const { return sha256_of_file(path_); }

  void append(const std::string& bytes) {
    write_all(file_, bytes, path_);
    size_ += static_cast<int64_t>(bytes.size());
  }

  void clear() {
    if (::ftruncate(file_, 0) != 0 || ::lseek(file_, 0, SEEK_SET) != 0)
      throw CannotWrite(errno, std::generic_category(), "cannot write " + path_.string());
    size_ = 0;
  }

  void finish() {
    rename_over(path_, goal_);
    ::close(std::exchange(file_, -1));
  }

 private:
  fs::path goal_;
  fs::path path_;
  int file_ = -1;
  int64_t size_ = 0;
};

CURL* new_handle() {
  static const CURLcode global = curl_global_init(CURL_GLOBAL_DEFAULT);
  return global == CURLE_OK ? curl_easy_init() : nullptr;
}

// One request for what is missing of a part. libcurl calls back into it.
class Transfer {
 public:
  Transfer(const std::string& url, const PublishedFile& file, const FetchOptions& options, Part& part)
      : url_(url), file_(file), options_(options), part_(part), resumed_(part.size() > 0) {
    if (!curl_) throw std::runtime_error("libcurl cannot be set up");
  }

  // Throws MirrorFailed; what came until then is in the part.
  void carry_out() {
    set_up();
    const CURLcode code = curl_easy_perform(curl_.get());
    if (failure_) std::rethrow_exception(failure_);
    flush();
    if (resumed_ && code == CURLE_HTTP_RETURNED_ERROR && status() == kStatusNoSuchRange) return;
    if (code != CURLE_OK) throw MirrorFailed(error_[0] != '\0' ? error_.data() : curl_easy_strerror(code));
  }

 private:
  void set_up() {
    set(CURLOPT_URL, url_.c_str());
    set(CURLOPT_PROTOCOLS_STR, "https,http,file");
    set(CURLOPT_REDIR_PROTOCOLS_STR, "https,http");
    set(CURLOPT_FOLLOWLOCATION, 1L);
    set(CURLOPT_MAXREDIRS, 10L);
    set(CURLOPT_FAILONERROR, 1L);
    set(CURLOPT_NOSIGNAL, 1L);
    set(CURLOPT_USERAGENT, "samplerbench");
    set(CURLOPT_CONNECTTIMEOUT,
        static_cast<long>(std::min<int64_t>(kConnectSeconds, options_.stall_seconds)));
    set(CURLOPT_LOW_SPEED_LIMIT, static_cast<long>(kSlowBytesPerSecond));
    set(CURLOPT_LOW_SPEED_TIME, static_cast<long>(options_.stall_seconds));
    set(CURLOPT_ERRORBUFFER, error_.data());
    set(CURLOPT_WRITEFUNCTION, &Transfer::take);
    set(CURLOPT_WRITEDATA, this);
    if (resumed_) set(CURLOPT_RANGE, fmt::format("{}-", part_.size()).c_str());
  }

  template <class Value>
  void set(CURLoption option, Value value) {
    if (curl_easy_setopt(curl_.get(), option, value) != CURLE_OK)
      throw std::runtime_error(fmt::format("libcurl does not take its option {}", static_cast<int>(option)));
  }

  static size_t take(char* bytes, size_t, size_t count, void* self) {
    auto& transfer = *static_cast<Transfer*>(self);
    try {
      transfer.receive({bytes, count});
      return count;
    } catch (...) {
      transfer.failure_ = std::current_exception();
      return 0;
    }
  }

  void receive(std::string_view bytes) {
    if (resumed_ && status() == kStatusOk) {  // the server does not know of ranges
      part_.clear();
      resumed_ = false;
    }
    pending_ += bytes;
    const int64_t there = part_.size() + static_cast<int64_t>(pending_.size());
    const int64_t most = file_.bytes > 0 ? file_.bytes : kMostBytes;
    if (there > most) {
      part_.clear();
      throw MirrorFailed(
          fmt::format("sends more than the file's {}{} bytes", file_.bytes > 0 ? "" : "at most ", most));
    }
    if (pending_.size() >= kBufferBytes) flush();
    options_.progress(there, file_.bytes);
  }

  void flush() {
    if (!pending_.empty()) part_.append(std::exchange(pending_, {}));
  }

  int64_t status() const {
    long status = 0;
    curl_easy_getinfo(curl_.get(), CURLINFO_RESPONSE_CODE, &status);
    return status;
  }

  const std::string& url_;
  const PublishedFile& file_;
  const FetchOptions& options_;
  Part& part_;
  bool resumed_;  // asks for the rest of what an earlier transfer began
  std::unique_ptr<CURL, void (*)(CURL*)> curl_{new_handle(), &curl_easy_cleanup};
  std::array<char, CURL_ERROR_SIZE> error_{};
  std::string pending_;
  std::exception_ptr failure_;
};

// Gets the file, or what is missing of it, from one mirror. Begins anew, once, where the whole is wrong and a
// part of it came from an earlier transfer. Throws MirrorFailed.
void fetch_from(const std::string& url, const PublishedFile& file, const FetchOptions& options, Part& part) {
  while (true) {
    const bool fresh = part.size() == 0;
    Transfer(url, file, options, part).carry_out();
    const std::string found = part.sha256();
    if (found == file.sha256) return;
    part.clear();
    if (fresh)
      throw MirrorFailed(
          fmt::format("what it sends has the SHA-256 {} and must have {}", found, file.sha256));
  }
}

std::vector<std::string> addresses(const PublishedFile& file, const std::string& from) {
  std::vector<std::string> urls;
  if (!from.empty()) urls.push_back(from + (from.back() == '/' ? "" : "/") + file.path);
  urls.insert(urls.end(), file.mirrors.begin(), file.mirrors.end());
  return urls;
}

}  // namespace

std::string fetch(const PublishedFile& file, const fs::path& folder, const FetchOptions& options) {
  Part part(folder / file.path);
  const bool whole = part.size() > 0 && part.sha256() == file.sha256;  // an earlier attempt got no further
  if (!whole && file.bytes > 0 && part.size() >= file.bytes) part.clear();
  std::string reasons;
  for (const std::string& url : addresses(file, options.from)) {
    try {
      if (!whole) fetch_from(url, file, options, part);
      part.finish();
      return url;
    } catch (const MirrorFailed& error) {
      reasons += fmt::format("{} {}: {}", reasons.empty() ? "" : ";", url, error.what());
    }
  }
  throw FetchFailed(fmt::format("{}: {}", file.path,
                                reasons.empty() ? "it has no mirror" : "no mirror supplies it:" + reasons));
}

}  // namespace samplerbench::harness
