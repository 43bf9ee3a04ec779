;;; litellm-markdown.el --- Pages and highlighting of answers  -*- lexical-binding: t; -*-

;; SPDX-License-Identifier: MIT OR Apache-2.0

;;; Commentary:

;; Answers are Markdown.  They are shown as they are written, with the little highlighting that makes them easy to
;; read; nothing in them is a link or is run.

;;; Code:

(require 'subr-x)

(defface litellm-heading '((t :inherit (bold font-lock-keyword-face)))
  "Headings in answers."
  :group 'litellm)

(defface litellm-code '((t :inherit (fixed-pitch font-lock-string-face)))
  "Code in answers."
  :group 'litellm)

(defface litellm-quiet '((t :inherit shadow))
  "What is said beside an answer, such as its cost."
  :group 'litellm)

(defun litellm-markdown--fence (limit)
  "Find the next fenced block before LIMIT, whose fence may still be open."
  (when (re-search-forward "^[ \t]*\\(`\\{3,\\}\\|~\\{3,\\}\\)" limit t)
    (let ((begin (line-beginning-position))
          (fence (match-string 1)))
      (forward-line 1)
      (unless (re-search-forward (concat "^[ \t]*" (regexp-quote fence) "[ \t]*$") limit t)
        (goto-char limit))
      (set-match-data (list begin (point)))
      t)))

(defvar litellm-markdown-keywords
  '((litellm-markdown--fence (0 'litellm-code t))
    ("^#\\{1,6\\} .*$" (0 'litellm-heading))
    ("\\*\\*[^*\n]+\\*\\*" (0 'bold))
    ("`[^`\n]+`" (0 'litellm-code))
    ("^_.*_$" (0 'litellm-quiet)))
  "Highlighting of Markdown.")

(defun litellm-markdown-setup ()
  "Highlight the Markdown of this buffer, and wrap its lines."
  (setq-local font-lock-multiline t)
  (setq-local font-lock-defaults '(litellm-markdown-keywords t))
  (visual-line-mode 1))

(defconst litellm-markdown--unseen
  "[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u00ad\u034f\u061c\u115f-\u1160\
\u17b4-\u17b5\u180b-\u180f\u200b-\u200f\u2028-\u202e\u2060-\u206f\u2800\u3164\
\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufffb\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\
\U000e0000-\U000e0fff]"
  "Characters that are not seen, or turn around how others are seen.
It is the server's own rule (src/plain.rs).")

(defun litellm-markdown--pictured-p (character)
  "Say whether CHARACTER may be a part of a picture, as emoji are."
  (and character
       (or (<= ?0 character ?9)
           (and (>= character #x203c)
                (not (memq (get-char-code-property character 'general-category)
                           '(Lu Ll Lt Lm Lo Nd Nl No)))))))

(defun litellm-markdown-plain (text)
  "Return TEXT, to be read: all of it is seen, in its order."
  (if (string-match-p litellm-markdown--unseen text)
      (let ((last nil))
        ;; Joiners and the sign for a picture stay within pictures, such as families and flags.
        (concat (delq nil (mapcar (lambda (character)
                                    (cond ((memq character '(#x2028 #x2029)) (setq last ?\n))
                                          ((if (memq character '(#x200d #xfe0f))
                                               (litellm-markdown--pictured-p last)
                                             (not (string-match-p litellm-markdown--unseen (string character))))
                                           (setq last character))))
                                  text))))
    text))

(defun litellm-markdown-line (text)
  "Return TEXT, such as a name that a proxy chose, as one plain line."
  ;; There may be thousands, and nearly all are.
  (if (string-match-p "\\`[!-~]*\\'" text)
      text
    (string-join (split-string (litellm-markdown-plain text)) " ")))

(define-derived-mode litellm-page-mode special-mode "LiteLLM"
  "A page to read: an answer, a status, a table."
  (litellm-markdown-setup))

(defvar-local litellm-page--content nil "What the page shows now: another object for each text.")

(defun litellm-page (name text)
  "Show TEXT in the page NAME, beside what the user does, and return its buffer."
  (let ((buffer (get-buffer-create (format "*LiteLLM %s*" name))))
    (with-current-buffer buffer
      (unless (derived-mode-p 'litellm-page-mode)
        (litellm-page-mode))
      (setq litellm-page--content (list name))
      (let ((inhibit-read-only t))
        (erase-buffer)
        (insert (litellm-markdown-plain text))
        (goto-char (point-min))))
    (display-buffer buffer '(nil (inhibit-same-window . t)))
    buffer))

(defun litellm-page-open (name)
  "Show an empty page NAME, and return what `litellm-page-write' writes on."
  (let ((buffer (litellm-page name "")))
    (cons buffer (buffer-local-value 'litellm-page--content buffer))))

(defun litellm-page-write (page text)
  "Write on PAGE with TEXT.
Return nil where it was closed, or given to another text."
  (pcase-let ((`(,buffer . ,content) page))
    (when (and (buffer-live-p buffer) (eq content (buffer-local-value 'litellm-page--content buffer)))
      (with-current-buffer buffer
        (let ((inhibit-read-only t))
          (save-excursion
            (goto-char (point-max))
            (insert (litellm-markdown-plain text)))))
      t)))

(provide 'litellm-markdown)
;;; litellm-markdown.el ends here
