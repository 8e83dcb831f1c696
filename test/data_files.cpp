// SPDX-License-Identifier: BSL-1.0
// Data from files: CSV, IDX, PNG and WAV as others write them, whole and by pieces, bad ones in a sentence.
// The first argument is the folder of the files that data_files.py has written.
#include "damage.hpp"

#include <algorithm>
#include <boost/test/unit_test.hpp>
#include <cmath>
#include <cstddef>
#include <string>
#include <string_view>
#include <typegrad/data.hpp>
#include <typegrad/gzip.hpp>
#include <typegrad/png.hpp>
#include <vector>

#include "sentence.hpp"

namespace {

namespace data = tg::data;

std::string folder() { return std::string(boost::unit_test::framework::master_test_suite().argv[1]) + "/"; }
std::string refusal(auto call) { return sentence_of<tg::bad_file>(call); }

/// A file that is there while a test uses it.
struct scratch {
  explicit scratch(std::string_view text, std::string name = "data_files_test.csv") : path(std::move(name)) {
    write_bytes(path, text);
  }
  ~scratch() { std::remove(path.c_str()); }
  std::string path;
};
data::table table_of(std::string_view text, const data::csv_options& options = {}) {
  return data::read_csv(scratch(text).path, options);
}
/// All fields of a table as texts, rows by "|", fields by ";".
std::string fields_of(const data::table& all) {
  std::string text;
  for (std::size_t k = 0; k < all.rows(); ++k, text += '|')
    for (const data::table_column& each : all.columns) {
      char number[32];
      std::snprintf(number, sizeof number, "%g", each.is_text ? 0 : each.numbers[k]);
      text += (each.is_text ? each.texts[k] : number) + ";";
    }
  return text;
}

}  // namespace

BOOST_AUTO_TEST_CASE(tables_of_others) {
  const data::table quotes = data::read_csv(folder() + "quotes.csv");
  BOOST_TEST((quotes.names() == std::vector<std::string>{"id", "text, and more", "value"}));
  BOOST_TEST(fields_of(quotes) == "1;said \"so\";0.5;|2;two\nlines;-0.001;|3;;nan;|4;comma, comma;nan;|");
  BOOST_TEST(fields_of(data::read_csv(folder() + "table.tsv.gz")) == "1;x y;|2;q\tq;|");
}
BOOST_AUTO_TEST_CASE(texts_of_tables) {
  const struct {
    std::string_view text, fields;
    data::csv_options options = {};
  } table[] = {
      {"a,b\n1,x\n2,y\n", "1;x;|2;y;|"},
      {"a,b\r\n1,x\r\n2,y", "1;x;|2;y;|"},
      {"\xEF\xBB\xBF"
       "a,b\n\n\n1,x\n\r\n2,y\n\n",
       "1;x;|2;y;|"},
      {"1,x\n2,y\n", "1;x;|2;y;|", {.header = false}},
      {"a;b\n1;x,y\n", "1;x,y;|", {.separator = ';'}},
      {"a,b\n \"1,x\n", " \"1;x;|"},
      {"a,b\n\"1,x\n", "\"1;x;|", {.quote = '\0'}},
      {"a,b\n+1 , x\n  -.5e1,\"\"\"\"\n", "1; x;|-5;\";|"},
      {"a,b\n,x\n?,NA\n7,\n", "nan;x;|nan;NA;|7;;|"},
      {"a,b\n1,2\nx,3\n", "1;2;|x;3;|", {.text = {"a"}}},
      {"a,b\n1,2\nx,3\n1,2,3\n4\n5,6", "1;2;|5;6;|", {.skip_bad_rows = true}},
      {"a\n\"\"\n5\n", "nan;|5;|"},
      {"a,b\n", ""},
      {"a,b\n\"1\r\n2\",\"x\"\r\n", "1\r\n2;x;|"},
  };
  for (const auto& each : table) BOOST_TEST(fields_of(table_of(each.text, each.options)) == each.fields);
  const data::table skipped = table_of("a,b\n1,2\nx,3\n", {.skip_bad_rows = true});
  BOOST_TEST(skipped.bad_rows.at(0) ==
             "'data_files_test.csv' has, on line 3 in field 1 ('a'), 'x', which is no number.");
  // Wherever a bad row stands, the others are read, as what they are without it.
  for (const std::string bad : {"1,\"x\"y\n", "1,2,3\n", "1\n", "1\r2,3\n"})
    for (int place = 0; place < 3; ++place) {
      std::string text = "a,b\n";
      for (int k = 0; k < 3; ++k) text += (k == place ? bad : "") + std::to_string(k) + ",u\n";
      const data::table rest = table_of(text, {.skip_bad_rows = true});
      BOOST_TEST(fields_of(rest) == "0;u;|1;u;|2;u;|");
      BOOST_TEST((rest.bad_rows.size() == 1 &&
                  has(rest.bad_rows[0], "on line " + std::to_string(place + 2) + " in field")));
      if (place == 0) continue;  // without names, the first row says how many columns there are
      const data::table bare =
          table_of(std::string_view(text).substr(4), {.header = false, .skip_bad_rows = true});
      BOOST_TEST(fields_of(bare) == fields_of(rest));
    }
  std::string many = "a,b\n";
  for (int k = 0; k < 200000; ++k) many += "1,\"x\"y\n";
  BOOST_TEST(table_of(many + "3,4\n", {.skip_bad_rows = true}).bad_rows.size() == 200000u);
}
BOOST_AUTO_TEST_CASE(sentences_of_tables) {
  const struct {
    std::string_view text, sentence;
    data::csv_options options = {};
  } table[] = {
      {"", "is empty; it should begin with a row."},
      {"a,b\n1,2\n\n\"3\n\",4\n", "has, on line 4 in field 1 ('a'), '3?', which is no number."},
      {"a,b\n1,2\n3,\"x\n", "has, on line 3 in field 2 ('b'), a quote that is not closed."},
      {"a,b\n1,2\n3,\"4\"x\n", "has, on line 3 in field 2 ('b'), something behind the closing quote."},
      {"a,b\n1,2\n3\n", "has, on line 3 in field 2 ('b'), the end of the line."},
      {"a,b\n1,2,\n", "has, on line 2 in field 3, a field more than the 2 columns."},
      {"a,b\n1,1e999\n",
       "has, on line 2 in field 2 ('b'), '1e999', which is beyond the range of numbers.",
       {.number = {"b"}}},
      {"1\nx y\n", "has, on line 2 in field 1, 'x y', which is no number.", {.header = false}},
      {"a,b\n", "has no column 'c'; it has 'a', 'b'.", {.text = {"c"}}},
      {"a,b\r1,2\r",
       "has, on line 1 in field 2, a carriage return without a line feed; end lines by either \\n or "
       "\\r\\n."},
      {"a\n1\r2\n",
       "has, on line 2 in field 1 ('a'), a carriage return without a line feed; end lines by either \\n or "
       "\\r\\n."},
      {"a,\"b", "has, on line 1 in field 2, a quote that is not closed."},
  };
  for (const auto& each : table)
    BOOST_TEST(refusal([&] { table_of(each.text, each.options); }) ==
               "'data_files_test.csv' " + std::string(each.sentence));
  BOOST_TEST(refusal([] { data::read_csv("/"); }) == "'/' cannot be read; is it a file?");
  const data::table all = table_of("a,b,b,c\n1,2,3,x\n");
  BOOST_TEST(has(refusal([&] { all.numbers("b"); }), "has two columns 'b'"));
  BOOST_TEST(has(refusal([&] { all.numbers("c"); }), "has texts in the column 'c', no numbers"));
  BOOST_TEST(has(refusal([&] { all.texts("a"); }), "list it in the option .text"));
  BOOST_TEST(has(refusal([&] { all.numbers("d"); }), "has no column 'd'; it has 'a', 'b', 'b', 'c'"));
  BOOST_TEST(has(refusal([&] {
                   all.classes("c", {"u", "v"});
                 }),
                 "has the class 'x' in the column 'c'; known are 'u', 'v'"));
  // In any order that is known.
  const data::table sizes = table_of("s\nlow\nmid\nhigh\nmid\n");
  std::vector<std::string> names = sizes.classes("s").names;
  BOOST_TEST(names == (std::vector<std::string>{"high", "low", "mid"}));
  do {
    const data::class_column found = sizes.classes("s", names);
    BOOST_TEST(found.names == names);
    for (std::size_t k = 0; k < 4; ++k)
      BOOST_TEST(names[static_cast<std::size_t>(found.rows[k])] == sizes.texts("s")[k]);
  } while (std::next_permutation(names.begin(), names.end()));
  names.push_back("low");
  BOOST_TEST(has(refusal([&] { sizes.classes("s", names); }), "one is known twice"));
}
/// Whatever the pieces and the buffers are, the table is the same: rows longer than a buffer as well.
BOOST_AUTO_TEST_CASE(tables_by_pieces) {
  std::mt19937_64 random(1);
  std::string text = "n,t,m\n", expected;
  for (int k = 0; k < 3000; ++k) {
    const std::string long_text(random() % 50 == 0 ? random() % 400000 : random() % 9, 'x');
    const bool quoted = random() % 3 == 0;
    const std::string field = quoted ? long_text + "\n,\"" : long_text;
    const int n = static_cast<int>(random() % 100000);
    text += std::to_string(n) + "," + (quoted ? "\"" + long_text + "\n,\"\"\"" : field) + ",0.5" +
            (random() % 2 == 0 ? "\r\n" : "\n");
    expected += std::to_string(n) + ";" + field + ";0.5;|";
  }
  const scratch file(text);
  for (const std::size_t piece : {1u, 7u, 1000u, 100000u}) {
    data::csv_reader in(file.path);
    std::string found;
    for (;;) {
      const data::table some = in.read(piece);
      if (some.rows() == 0) break;
      BOOST_REQUIRE(some.rows() <= piece);
      found += fields_of(some);
    }
    BOOST_TEST((found == expected));
  }
  const data::table all = data::read_csv(file.path);
  const auto matrix = all.matrix<float>({"m", "n"});
  BOOST_TEST(matrix.size() == 6000u);
  BOOST_TEST(matrix[0] == 0.5f);
  BOOST_TEST(all.matrix<int>({"n"}).size() == 3000u);
  BOOST_TEST(has(refusal([&] {
                   all.matrix<int>({"n", "m"});
                 }),
                 "has 0.500000 in the column 'm', which no integer of that type is"));
}
/// The end of a buffer falls on every place of a row.
BOOST_AUTO_TEST_CASE(ends_of_buffers) {
  const std::string row = "1,\"q,\"\"\"\r\n";
  for (std::size_t shift = 0; shift < row.size(); ++shift) {
    std::string text = "number,t" + std::string(shift, 't') + "\n";
    while (text.size() < (1 << 18) + 100) text += row;
    const data::table all = table_of(text);
    BOOST_TEST(all.rows() == (text.size() - 9 - shift) / row.size());
    const auto& column = all.columns[1].texts;
    BOOST_TEST(std::count(column.begin(), column.end(), "q,\"") == std::ssize(column));
  }
}
BOOST_AUTO_TEST_CASE(classes_of_tables) {
  const auto classes = table_of("c\nb\na\nc\nb\n").classes("c");
  BOOST_TEST((classes.names == std::vector<std::string>{"a", "b", "c"}));
  BOOST_TEST((classes.rows == std::vector<int>{1, 0, 2, 1}));
  BOOST_TEST((table_of("c\nb\n").classes("c", classes.names).rows == std::vector<int>{1}));
}

BOOST_AUTO_TEST_CASE(idx_of_others) {
  for (const char* name : {"u8.idx", "images.idx.gz"}) {
    const auto images = data::read_idx<unsigned char>(folder() + name);
    BOOST_TEST((images.shape == std::vector<std::size_t>{2, 3, 4}));
    for (std::size_t k = 0; k < 24; ++k) BOOST_TEST(images.numbers[k] == static_cast<unsigned char>(10 * k));
    BOOST_TEST(data::read_idx<float>(folder() + name).row(1)[0] == 120.0f);
    data::idx_reader in(folder() + name);
    std::vector<float> rows;
    BOOST_TEST(in.read(1, rows) == 1u);
    BOOST_TEST(in.read(5, rows) == 1u);
    BOOST_TEST(in.read(5, rows) == 0u);
    BOOST_TEST(rows == data::read_idx<float>(folder() + name).numbers);
  }
  for (const char* name : {"i8", "i16", "i32", "f32", "f64"})
    BOOST_TEST((data::read_idx<double>(folder() + name + ".idx").numbers ==
                std::vector<double>{-2, -1, 0, 1, 2, 3}));
  data::idx_reader in(folder() + "i32.idx");
  std::vector<double> row(3);
  in.read_row(1, std::span(row));
  BOOST_TEST((row == std::vector<double>{1, 2, 3}));
  in.read_row(0, std::span(row));
  BOOST_TEST(row[0] == -2);
  BOOST_TEST(has(refusal([&] { in.read_row(2, std::span(row)); }), "has 2 rows of 3 numbers"));
  BOOST_TEST(
      has(refusal([&] { data::read_idx<float>(folder() + "i32.idx"); }), "I32, which F32 does not hold"));
  BOOST_TEST(has(refusal([&] { data::idx_reader(folder() + "i24.wav"); }), "is no IDX file"));
  const std::string good = bytes_of(folder() + "u8.idx");
  BOOST_TEST(has(refusal([&] { data::idx_reader(scratch(good.substr(0, 30)).path); }),
                 "has 14 bytes of numbers, not 24"));
}
BOOST_AUTO_TEST_CASE(sounds_of_others) {
  for (const char* name : {"u8", "i16", "i24", "i32", "f32", "f64"}) {
    const data::sound sound = data::read_wav(folder() + name + ".wav");
    BOOST_TEST(sound.rate == 8000u);
    BOOST_TEST((sound.samples.shape == std::vector<std::size_t>{2, 5}));
    for (std::size_t k = 0; k < 5; ++k) {
      BOOST_TEST(sound.samples.numbers[k] == 0.125f * static_cast<float>(k));
      BOOST_TEST(sound.samples.numbers[5 + k] == -0.125f * static_cast<float>(k));
    }
    data::wav_reader in(folder() + name + ".wav");
    in.read(3);
    BOOST_TEST(in.read(9).numbers.at(1) == 0.5f);
  }
  // The extensible form of i16.wav, and the size that a pipe does not know.
  const std::string good = bytes_of(folder() + "i16.wav");
  std::string extensible = good;
  extensible[16] = 40, extensible.replace(20, 2, "\xfe\xff");
  extensible.insert(36, std::string("\x16\0\x10\0\3\0\0\0\1\0\0\0\0\0\x10\0\x80\0\0\xaa\0\x38\x9b\x71", 24));
  BOOST_TEST(data::read_wav(scratch(extensible).path).samples.numbers.at(1) == 0.125f);
  std::string piped = good;
  piped.replace(40, 4, "\xff\xff\xff\xff");
  BOOST_TEST(data::read_wav(scratch(piped).path).samples.numbers.size() == 10u);
  const auto changed = [&](std::size_t at, std::string_view by) {
    std::string bytes = good;
    bytes.replace(at, by.size(), by);
    return refusal([&] { data::read_wav(scratch(bytes).path); });
  };
  BOOST_TEST(has(changed(0, "X"), "is no WAV file"));
  BOOST_TEST(has(changed(20, "\x06"), "sound of the kind 6 with 16 bits"));
  BOOST_TEST(has(changed(22, "\x03"), "its 3 channels of 16 bits do not fill frames of 4 bytes"));
  BOOST_TEST(has(changed(40, "\x7f"), "ends too early"));
  BOOST_TEST(has(changed(12, "fmtx"), "has no chunk of a format before its data"));
}
BOOST_AUTO_TEST_CASE(images) {
  const unsigned char colours[] = {255, 0, 0, 0, 255, 0, 0, 0, 255, 1, 2, 3, 4, 5, 6, 7, 8, 9};
  png_image image{};
  image.version = PNG_IMAGE_VERSION, image.width = 3, image.height = 2, image.format = PNG_FORMAT_RGB;
  const std::string path = "data_files_test.png";
  BOOST_REQUIRE(png_image_write_to_file(&image, path.c_str(), 0, colours, 0, nullptr) != 0);
  const auto read = data::read_png(path);
  BOOST_TEST((read.shape == std::vector<std::size_t>{3, 2, 3}));
  for (std::size_t c = 0; c < 3; ++c)
    for (std::size_t k = 0; k < 6; ++k) BOOST_TEST(read.numbers[6 * c + k] == colours[3 * k + c]);
  BOOST_TEST((data::read_png(path, 1).shape == std::vector<std::size_t>{1, 2, 3}));
  BOOST_TEST(data::read_png(path, 4).numbers[18] == 255);
  BOOST_TEST(has(refusal([&] { data::read_png(folder() + "u8.idx"); }),
                 "is no PNG image, or is damaged; libpng says"));
  const int refused = refused_damages(bytes_of(path), "data_files_damaged", 1000,
                                      [](const std::string& file) { data::read_png(file); });
  BOOST_TEST(refused > 300);
  std::remove(path.c_str());
}

BOOST_AUTO_TEST_CASE(damaged_files) {
  const auto csv = [](const std::string& path) { data::read_csv(path); };
  const auto idx = [](const std::string& path) { data::read_idx<double>(path); };
  const auto wav = [](const std::string& path) { data::read_wav(path); };
  const auto some = [&](const std::string& name, auto read, int least) {
    const int refused = refused_damages(bytes_of(folder() + name), "data_files_damaged", 600, read);
    BOOST_TEST_MESSAGE(name << ": " << refused << " of 600 refused");
    BOOST_TEST(refused > least);
  };
  some("quotes.csv", csv, 200), some("table.tsv.gz", csv, 300);
  some("u8.idx", idx, 300), some("images.idx.gz", idx, 300), some("f64.idx", idx, 300);
  some("i16.wav", wav, 100), some("f64.wav", wav, 100), some("i24.wav", wav, 100);
}
