//! Ends of blocks that answers say, in texts that lack them and in texts that have them.

use super::*;
use crate::assist::fit::{Answer, Fit, fit};

/// What stands in a text with an answer at its cursor.
fn written(language: &str, text: &str, answer: &str) -> Option<String> {
    let (before, after) = text.split_once('¦').unwrap();
    let place = Place { language, before, after, ..Place::default() };
    match fit(Answer { text: answer, finish_reason: Some("stop"), refusal: None }, place) {
        Fit::Write(new) => Some([before, &new, after].concat()),
        Fit::Show { .. } | Fit::Nothing { .. } => None,
    }
}

/// The language, two blocks of which the inner has its body where `…` stands, and the line that ends the inner one.
const NESTED: &[(&str, &str, &str)] = &[
    ("c", "void f() {\n  if (a) {\n    b(…);\n  }\n}\n", "  }\n"),
    ("c", "void f() {\n  if (a) {\n    b();\n  } else {\n    c(…);\n  }\n}\n", "  }\n"),
    ("c", "void f()\n{\n  if (a &&\n      b)\n  {\n#ifdef X\n    c(…);\n  }\n}\n", "  }\n"),
    ("java", "class A {\n    void f() {\n        b(…);\n    }\n}\n", "    }\n"),
    ("rust", "impl A {\n    fn f() {\n        b(…);\n    }\n}\n", "    }\n"),
    ("go", "func f() {\n\tfor {\n\t\tif a {\n\t\t\tb(…)\n\t\t}\n\t}\n}\n", "\t\t}\n"),
    ("javascript", "f(() => {\n  g(() => {\n    b(…);\n  });\n});\n", "  });\n"),
    ("json", "{\n  \"a\": {\n    \"b\": […]\n  }\n}\n", "  }\n"),
    ("css", "@media a {\n  .b {\n    color: …;\n  }\n}\n", "  }\n"),
    ("lua", "function f()\n  if a then\n    b(…)\n  end\nend\n", "  end\n"),
    ("lua", "function f()\n  if a then\n    b()\n  else\n    c(…)\n  end\nend\n", "  end\n"),
    ("ruby", "def f\n  if a\n    b(…)\n  end\nend\n", "  end\n"),
    ("shellscript", "f() {\n  if a; then\n    if b; then\n      c …\n    fi\n  fi\n}\n", "    fi\n"),
    ("verilog", "always @(*) begin\n  case (a)\n    x: b(…);\n  endcase\nend\n", "  endcase\n"),
    ("vim", "function F()\n  if a\n    call b(…)\n  endif\nendfunction\n", "  endif\n"),
    ("cmake", "if(a)\n  foreach(b)\n    c(…)\n  endforeach()\nendif()\n", "  endforeach()\n"),
    ("makefile", "ifdef A\n  ifeq (a,b)\n    C = …\n  endif\nendif\n", "  endif\n"),
    ("php", "foreach ($a as $b):\n  if ($b):\n    c(…);\n  endif;\nendforeach;\n", "  endif;\n"),
    // Where all stands at the margin the whole text tells.
    ("c", "void f() {\nif (a) {\nb(…);\n}\n}\n", "}\n"),
    ("latex", "\\begin{a}\n\\begin{b}\nx …\n\\end{b}\n\\end{a}\n", "\\end{b}\n"),
    ("html", "<div>\n<div>\na …\n</div>\n</div>\n", "</div>\n"),
];

/// An end that is said is written where the text lacks it, and only there.
#[test]
fn an_end_is_written_where_a_block_lacks_it() {
    let mut wrong = Vec::new();
    for (language, text, end) in NESTED {
        let full = text.replace('…', "x");
        let (before, rest) = text.split_once('…').unwrap();
        let (line, below) = rest.split_once('\n').unwrap();
        let outer = below.strip_prefix(end).unwrap();
        let answer = format!("x{line}\n{}", end.trim_end());
        let lacking = format!("{before}¦\n{outer}");
        let closed = format!("{before}¦\n{below}");
        for (form, text) in [("lacking", &lacking), ("closed", &closed)] {
            let found = written(language, text, &answer);
            if found.as_ref() != Some(&full) {
                wrong.push(format!("{language}, {form}, {text:?} + {answer:?}: {found:?}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{} are wrong:\n{}", wrong.len(), wrong.join("\n"));
}
