;;; litellm-markdown.el --- Pages and highlighting of answers  -*- lexical-binding: t; -*-

;; SPDX-License-Identifier: MIT OR Apache-2.0

;;; Commentary:

;; Answers are Markdown.  They are shown as they are written, with the little highlighting that makes them easy to
;; read; nothing in them is a link or is run.

;;; Code:

(require 'cl-lib)
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

(defun litellm-markdown-short (name &optional columns)
  "Return NAME as one plain line of COLUMNS at most, 60 by default.
A longer one loses its middle."
  (let* ((name (litellm-markdown-line name))
         (columns (or columns 60))
         (end (/ (1- columns) 2)))
    (if (<= (string-width name) columns)
        name
      (concat (truncate-string-to-width name (- columns 1 end)) "…"
              ;; From where the rest has room.
              (let ((begin (- (length name) end)))
                (while (> (string-width (substring name begin)) end)
                  (setq begin (1+ begin)))
                (substring name begin))))))

(defun litellm-markdown--cells (row)
  "Return the cells of ROW of a table; a bar behind a backslash is within one."
  (mapcar (lambda (cell) (string-trim (string-replace "\0" "|" cell)))
          (split-string (string-trim (string-trim (string-replace "\\|" "\0" row)) "|" "|") "|")))

(defun litellm-markdown--columns (rows room)
  "Return ROWS of cells as lines with aligned columns.
Long names, which stand first, lose their middle where ROOM is less."
  (let* ((widths (apply #'cl-mapcar (lambda (&rest cells) (apply #'max (mapcar #'string-width cells))) rows))
         (others (apply #'+ (mapcar (lambda (width) (+ 2 width)) (cdr widths))))
         (name (min (car widths) (max 24 (- room others)))))
    (mapconcat (lambda (cells)
                 (concat (string-trim-right
                          (string-join (cl-mapcar (lambda (cell width)
                                                    (let ((cell (litellm-markdown-short cell width)))
                                                      (concat cell (make-string (- width (string-width cell)) ?\s))))
                                                  cells (cons name (cdr widths)))
                                       "  "))
                         "\n"))
               rows "")))

(defun litellm-markdown-drawn (text room)
  "Return TEXT, a page of the server, as it is read.
A heading has no hashes, and a table is columns in ROOM."
  (let ((rows nil) (drawn nil))
    (cl-flet ((flush () (when rows
                          (push (litellm-markdown--columns (nreverse rows) room) drawn)
                          (setq rows nil))))
      (dolist (line (split-string (string-trim-right text "\n") "\n"))
        (let ((cells (and (string-prefix-p "|" line) (litellm-markdown--cells line))))
          (cond ((string-match-p "\\`|[|[:space:]-]+\\'" line))
                ((and cells (or (null rows) (= (length cells) (length (car rows))))) (push cells rows))
                (t (flush)
                   (push (if (string-match "\\`#+ \\(.*\\)" line)
                             (propertize (concat (match-string 1 line) "\n") 'font-lock-face 'litellm-heading)
                           (concat line "\n"))
                         drawn)))))
      (flush))
    (apply #'concat (nreverse drawn))))

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

(defun litellm-page-drawn (name text)
  "Show TEXT in the page NAME, drawn as it is read, and return its buffer."
  (litellm-page name (litellm-markdown-drawn (litellm-markdown-plain text) (min (frame-width) 120))))

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
