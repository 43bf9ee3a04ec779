;;; litellm-edit.el --- Asking about a place in a text  -*- lexical-binding: t; -*-

;; SPDX-License-Identifier: MIT OR Apache-2.0

;;; Commentary:

;; The server is told the text and the place, adds what the model is to know of it, and decides what of the answer may
;; be written.  Here it is written, shown beside, or left alone.

;;; Code:

(require 'litellm-client)
(require 'litellm-markdown)
(require 'litellm-review)
(require 'litellm-stream)
(require 'litellm-text)
(require 'litellm-usage)

(defcustom litellm-review-changes t
  "Whether a change is looked at before it lands; nil puts it in at once."
  :group 'litellm
  :type 'boolean)

(defvar litellm-edit--last nil "The last answer that was not written.")
(defvar litellm-edit--instructions nil "What was asked for before.")

(cl-defun litellm-edit--ask (begin end params &key title delta then failed)
  "Ask about the text from BEGIN to END with PARAMS.
TITLE, DELTA, THEN and FAILED are as in `litellm-client-ask'."
  (litellm-client-ask :provider/edit (litellm-edit--question begin end params)
                      :title title :delta delta :then then :failed failed))

(defun litellm-edit--question (begin end params)
  "Return what the server is told of the text from BEGIN to END, with PARAMS."
  `(:textDocument ,(litellm-text-document) :range ,(litellm-text-range begin end)
    :diagnostics ,(litellm-text-problems begin end) ,@params))

(defun litellm-edit--show (text reason)
  "Show TEXT, an answer that is not written for this REASON; keep it."
  (setq litellm-edit--last text)
  (litellm-page "answer" (concat (and reason (format "_%s.  To insert it all the same: M-x litellm-insert-answer_\n\n" reason))
                                 text "\n")))

(defun litellm-insert-answer ()
  "Insert the last answer that was not written."
  (interactive "*")
  (unless litellm-edit--last
    (user-error "LiteLLM: ask a model first (no answer is kept)"))
  (insert litellm-edit--last))

(defun litellm-edit--partial (error)
  "Return the text that came before ERROR, or nil."
  (let ((text (plist-get (plist-get (plist-get (plist-get error :data) :partial) :message) :text)))
    (and text (not (string-empty-p (string-trim text))) text)))

;;;; Before a model is asked

(defun litellm-edit--dry-run (begin end params)
  "Return what would be asked about BEGIN to END with PARAMS, and its price."
  (litellm-client-call :provider/edit (append (litellm-edit--question begin end params) '(:dryRun t))))

;;;###autoload
(defun litellm-dry-run (begin end instruction)
  "Show what a rewrite of BEGIN to END by INSTRUCTION would send and cost.
No model is asked."
  (interactive
   (let ((bounds (litellm-text-bounds)))
     (list (car bounds) (cdr bounds) (read-string "Rewrite how? (empty: better) " nil 'litellm-edit--instructions))))
  (let ((dry (litellm-edit--dry-run begin end (litellm-edit--rewriting instruction))))
    (litellm-page "dry run"
                  (concat "# Nothing was sent to a model\n\n" (litellm-usage-before dry) "\n"
                          (mapconcat (lambda (message)
                                       (format "\n## %s\n\n%s\n" (plist-get message :role)
                                               (plist-get message :content)))
                                     ;; The question before what is always said.
                                     (reverse (plist-get dry :messages)) "")))))

;;;; Writing at point

;;;###autoload
(defun litellm-complete ()
  "Have the model write on at point, as it comes."
  (interactive "*")
  (litellm-edit--write '(:task "complete") "writing" (point) (point)))

(defun litellm-edit--write (params title begin end)
  "Have what is asked with PARAMS about BEGIN to END written at END, under TITLE."
  (barf-if-buffer-read-only)
  (let ((stream nil)
        (place (copy-marker end)))
    (deactivate-mark t)
    (litellm-edit--ask
     begin end params :title title
     :delta (lambda (part)
              (when (equal (plist-get part :type) "text")
                (unless stream
                  (setq stream (litellm-stream-begin place)))
                (litellm-stream-write stream (plist-get part :text))))
     :then (lambda (result) (litellm-edit--written result (or stream (litellm-stream-begin place))))
     :failed (lambda (error)
               (when stream
                 (litellm-stream-finish stream nil))
               (litellm-client-complain error)
               (when stream
                 (litellm-client-say "LiteLLM: cut off; what came is in the text, and undo takes it out"))))))

(defun litellm-edit--written (result stream)
  "End STREAM with RESULT."
  (let ((reason (plist-get result :reason)))
    (pcase (plist-get result :place)
      ((or "insert" "replace")
       (if (litellm-stream-finish stream (plist-get result :newText))
           (litellm-usage-say result)
         (litellm-client-say (format "LiteLLM: %s; you changed it meanwhile" (litellm-usage-of result)))))
      ("page"
       (if (equal (plist-get result :finishReason) "stop")
           (progn (litellm-stream-finish stream "")
                  (litellm-edit--show (plist-get (plist-get result :message) :text) reason))
         (litellm-stream-finish stream nil)
         (litellm-client-say (format "LiteLLM: %s; what came is in the text, and undo takes it out" reason))))
      (_ (litellm-stream-finish stream "")
         (litellm-client-say (format "LiteLLM: %s" reason))))))

;;;; Changing a text

;;;###autoload
(defun litellm-rewrite (begin end instruction)
  "Have the text from BEGIN to END rewritten by INSTRUCTION."
  (interactive
   (let ((bounds (litellm-text-bounds)))
     (barf-if-buffer-read-only)
     (list (car bounds) (cdr bounds)
           (read-string (format "Rewrite how? (empty: better; %s) "
                                (litellm-usage-before
                                 (litellm-edit--dry-run (car bounds) (cdr bounds) '(:task "rewrite"))))
                        nil 'litellm-edit--instructions))))
  (litellm-edit--change begin end (litellm-edit--rewriting instruction) "rewriting"))

(defun litellm-edit--rewriting (instruction)
  "Return the parameters of a rewrite by INSTRUCTION, which may be empty."
  `(:task "rewrite" ,@(and (not (string-empty-p instruction)) (list :instruction instruction))))

;;;###autoload
(defun litellm-fix (begin end)
  "Have the problems from BEGIN to END mended.
These are the ones of flymake, or else whatever is wrong."
  (interactive (let ((bounds (litellm-text-bounds))) (list (car bounds) (cdr bounds))))
  (litellm-edit--change begin end '(:task "fix") "mending"))

;;;###autoload
(defun litellm-document (begin end)
  "Have the code from BEGIN to END documented."
  (interactive (let ((bounds (litellm-text-bounds))) (list (car bounds) (cdr bounds))))
  (litellm-edit--change begin end '(:task "document") "documenting"))

(defun litellm-edit--change (begin end params title)
  "Have the text from BEGIN to END changed as PARAMS say, under TITLE."
  (let ((overlay (make-overlay begin end nil t nil))
        (old (buffer-substring-no-properties begin end)))
    (overlay-put overlay 'face 'litellm-quiet)
    (deactivate-mark t)
    (condition-case failure
        (litellm-edit--ask
         begin end params :title title
         :then (lambda (result)
                 (let ((from (overlay-start overlay))
                       (to (overlay-end overlay)))
                   (delete-overlay overlay)
                   (if (and from (equal old (buffer-substring-no-properties from to)))
                       (litellm-edit--land result from to)
                     (litellm-edit--show (or (plist-get result :newText)
                                             (plist-get (plist-get result :message) :text))
                                         "The text has changed meanwhile"))))
         :failed (lambda (error)
                   (delete-overlay overlay)
                   (when-let* ((text (litellm-edit--partial error)))
                     (litellm-edit--show text "The answer was cut off"))
                   (litellm-client-complain error)))
      ((error quit)
       (delete-overlay overlay)
       (signal (car failure) (cdr failure))))))

(defun litellm-edit--land (result begin end)
  "Put RESULT where it belongs.
That is in the place of the text from BEGIN to END, beside, or nowhere."
  (let ((new (plist-get result :newText))
        (reason (plist-get result :reason)))
    (pcase (plist-get result :place)
      ((or "replace" "insert")
       (cond ((equal (plist-get result :place) "insert") (litellm-review-replace end end new))
             ;; A prompt may say how its change lands.
             ((if (plist-member result :preview) (eq t (plist-get result :preview)) litellm-review-changes)
              (litellm-review begin end new))
             (t (litellm-review-replace begin end new)))
       (litellm-usage-say result))
      ("page" (litellm-edit--show (plist-get (plist-get result :message) :text) reason)
       (litellm-client-say (format "LiteLLM: %s" (or reason (litellm-usage-of result)))))
      (_ (litellm-client-say (format "LiteLLM: %s" reason))))))

;;;; Reading about a text

;;;###autoload
(defun litellm-explain (begin end)
  "Have the text from BEGIN to END explained, in a page beside."
  (interactive (let ((bounds (litellm-text-bounds))) (list (car bounds) (cdr bounds))))
  (litellm-edit--read begin end '(:task "explain") "explaining"))

;;;###autoload
(defun litellm-write-tests (begin end)
  "Have test code written for BEGIN to END, in a page beside."
  (interactive (let ((bounds (litellm-text-bounds))) (list (car bounds) (cdr bounds))))
  (litellm-edit--read begin end '(:task "test") "writing tests"))

(defun litellm-edit--read (begin end params title)
  "Have what is asked of the text from BEGIN to END with PARAMS shown, under TITLE."
  (let* ((page nil)
         (show (lambda (text)
                 (unless (buffer-live-p page)
                   (setq page (litellm-page "answer" "")))
                 (with-current-buffer page
                   (let ((inhibit-read-only t))
                     (save-excursion
                       (goto-char (point-max))
                       (insert (litellm-markdown-plain text))))))))
    (litellm-edit--ask
     begin end params :title title
     :delta (lambda (part)
              (when (equal (plist-get part :type) "text")
                (funcall show (plist-get part :text))))
     :then (lambda (result)
             (setq litellm-edit--last (plist-get (plist-get result :message) :text))
             (unless page
               (funcall show litellm-edit--last))
             (funcall show (format "\n\n_%s_\n" (litellm-usage-of result))))
     :failed (lambda (error)
               (when page
                 (funcall show "\n\n_The answer was cut off_\n"))
               (litellm-client-complain error)))))

(provide 'litellm-edit)
;;; litellm-edit.el ends here
