;;; litellm-edit.el --- Asking about a place in a text  -*- lexical-binding: t; -*-

;; SPDX-License-Identifier: MIT OR Apache-2.0

;;; Commentary:

;; The server is told the text and the place, adds what the model is to know of it, and decides what of the answer may
;; be written.  Here it is written, shown beside, or left alone.

;;; Code:

(require 'litellm-answer)
(require 'litellm-client)
(require 'litellm-idle)
(require 'litellm-markdown)
(require 'litellm-review)
(require 'litellm-stream)
(require 'litellm-text)
(require 'litellm-usage)

(defcustom litellm-review-changes t
  "Whether a change is looked at before it lands; nil puts it in at once."
  :group 'litellm
  :type 'boolean)

(defvar litellm-edit--instructions nil "What was asked for before.")

(cl-defun litellm-edit-ask (question &key title delta then failed)
  "Ask QUESTION about a text; whatever comes as an answer is kept.
TITLE, DELTA and THEN are as in `litellm-client-ask'.  FAILED is called
with the error, and what came before it or nil."
  (let ((come "")
        (depth (recursion-depth))
        (keep (litellm-answer-keeper)))
    (litellm-client-ask
     :provider/edit question :title title
     :delta (lambda (part)
              (when (equal (plist-get part :type) "text")
                (setq come (concat come (plist-get part :text)))
                (funcall keep come nil)
                (when delta
                  (litellm-idle-run depth (lambda () (funcall delta (plist-get part :text)))))))
     :then (lambda (result)
             (litellm-answer-keep (litellm-edit--text result))
             (funcall keep (litellm-edit--text result) t)
             (litellm-idle-run depth (lambda () (funcall then result))))
     :failed (lambda (error)
               (let ((text (or (litellm-edit--partial error) come)))
                 (litellm-answer-keep text)
                 (funcall keep text t)
                 (litellm-idle-run
                  depth
                  (lambda () (funcall failed error (and (not (string-blank-p text)) text)))))))))

(defun litellm-edit--question (begin end params)
  "Return what the server is told of the text from BEGIN to END, with PARAMS."
  `(:textDocument ,(litellm-text-document) :range ,(litellm-text-range begin end)
    :diagnostics ,(litellm-text-problems begin end) ,@params))

(defun litellm-edit--text (result)
  "Return the answer of RESULT: what would be written, else what was said."
  (let ((new (plist-get result :newText)))
    (if (or (null new) (equal (plist-get result :place) "page"))
        (plist-get (plist-get result :message) :text)
      new)))

(defun litellm-edit--partial (error)
  "Return the text that came before ERROR, or nil."
  (plist-get (plist-get (plist-get (plist-get error :data) :partial) :message) :text))

;;;; Before a model is asked

(defun litellm-edit--dry-run (begin end params)
  "Return what would be asked about BEGIN to END with PARAMS, and its price."
  (litellm-client-call :provider/edit (append (litellm-edit--question begin end params) '(:dryRun t))))

;;;###autoload
(defun litellm-dry-run (begin end instruction)
  "Show what a rewrite of BEGIN to END by INSTRUCTION would send and cost.
No model is asked."
  (interactive
   (litellm-text-while-asking
    (litellm-text-bounds)
    (lambda () (read-string (litellm-tr "Rewrite how? (empty: better) ") nil 'litellm-edit--instructions))))
  (let ((dry (litellm-edit--dry-run begin end (litellm-edit--rewriting instruction))))
    (litellm-page-drawn "dry run"
                  (concat "# " (litellm-tr "Nothing was sent to a model") "\n\n" (litellm-usage-before dry) "\n"
                          (mapconcat (lambda (message)
                                       (format "\n## %s\n\n%s\n" (plist-get message :role)
                                               (plist-get message :content)))
                                     ;; The question before what is always said.
                                     (reverse (plist-get dry :messages)) "")))))

;;;; Writing at point

;;;###autoload
(defun litellm-complete ()
  "Have the model write on at point, as it comes."
  (interactive)
  (litellm-edit--write '(:task "complete") (litellm-tr "writing") (point) (point)))

(defun litellm-edit--write (params title begin end)
  "Have what is asked with PARAMS about BEGIN to END written at END, under TITLE."
  (litellm-text-check-writable)
  (when (litellm-stream-here)
    (litellm-refuse "wait for the answer that is being written here, or stop it with M-x litellm-cancel"))
  (let ((stream (litellm-stream-begin end)))
    (deactivate-mark t)
    (condition-case failure
        (litellm-edit-ask
         (litellm-edit--question begin end params) :title title
         :delta (lambda (text) (litellm-stream-write stream text))
         :then (lambda (result) (litellm-edit--written result stream))
         :failed (lambda (error text)
                   (litellm-edit--cut-off stream text (litellm-client-complaint error))))
      ((error quit)
       (litellm-stream-finish stream nil)
       (signal (car failure) (cdr failure))))))

(defun litellm-edit--cut-off (stream text why)
  "End STREAM, of whose answer only TEXT came or nil, and say WHY."
  (let ((stands (litellm-stream-finish stream nil)))
    (cond ((null text) (litellm-client-say why))
          (stands (litellm-client-say (litellm-tr "%s; what came is in the text, and undo takes it out" why)))
          (t (litellm-answer-show text (litellm-tr "The answer was cut off"))
             (litellm-client-say why)))))

(defun litellm-edit--written (result stream)
  "End STREAM with RESULT."
  (let ((reason (plist-get result :reason)))
    (pcase (plist-get result :place)
      ((or "insert" "replace")
       (if (litellm-stream-finish stream (plist-get result :newText))
           (litellm-usage-say result)
         (litellm-edit--beside result (litellm-stream-stopped stream))))
      ("page"
       (if (equal (plist-get result :finishReason) "stop")
           (progn (litellm-stream-finish stream "")
                  (litellm-edit--beside result reason))
         (litellm-edit--cut-off stream (litellm-edit--text result) (format "LiteLLM: %s" reason))))
      (_ (litellm-stream-finish stream "")
         (litellm-client-say (format "LiteLLM: %s" reason))))))

(defun litellm-edit--beside (result reason)
  "Show RESULT beside the text, for this REASON or because that was asked for."
  (litellm-answer-show (litellm-edit--text result) reason)
  (litellm-client-say (format "LiteLLM: %s" (if reason
                                                (litellm-tr "%s; the whole answer stands beside" reason)
                                              (litellm-usage-of result)))))

;;;; Changing a text

;;;###autoload
(defun litellm-rewrite (begin end instruction)
  "Have the text from BEGIN to END rewritten by INSTRUCTION."
  (interactive
   (let ((bounds (litellm-text-bounds)))
     (litellm-text-check-writable (car bounds) (cdr bounds))
     (litellm-text-while-asking
      bounds
      (lambda ()
        (read-string (litellm-tr "Rewrite how? (empty: better; %s) "
                             (litellm-usage-before
                              (litellm-edit--dry-run (car bounds) (cdr bounds) '(:task "rewrite"))))
                     nil 'litellm-edit--instructions)))))
  (litellm-edit--change begin end (litellm-edit--rewriting instruction) (litellm-tr "rewriting")))

(defun litellm-edit--rewriting (instruction)
  "Return the parameters of a rewrite by INSTRUCTION, which may be empty."
  `(:task "rewrite" ,@(and (not (string-empty-p instruction)) (list :instruction instruction))))

;;;###autoload
(defun litellm-fix (begin end)
  "Have the problems from BEGIN to END mended.
These are the ones of flymake, or else whatever is wrong."
  (interactive (let ((bounds (litellm-text-bounds))) (list (car bounds) (cdr bounds))))
  (litellm-edit--change begin end '(:task "fix") (litellm-tr "mending")))

;;;###autoload
(defun litellm-document (begin end)
  "Have the code from BEGIN to END documented."
  (interactive (let ((bounds (litellm-text-bounds))) (list (car bounds) (cdr bounds))))
  (litellm-edit--change begin end '(:task "document") (litellm-tr "documenting")))

(defun litellm-edit--change (begin end params title)
  "Have the text from BEGIN to END changed as PARAMS say, under TITLE."
  (litellm-text-check-writable begin end)
  (let ((place (litellm-text-hold begin end)))
    (overlay-put place 'face 'litellm-quiet)
    (deactivate-mark t)
    (condition-case failure
        (litellm-edit-ask
         (litellm-edit--question begin end params) :title title
         :then (lambda (result)
                 (let ((open (overlay-buffer place))
                       (now (litellm-text-held place)))
                   (litellm-text-let-go place)
                   (cond (now (litellm-edit--land result (car now) (cdr now)))
                         (open (litellm-edit--beside result (litellm-tr "the text was changed meanwhile")))
                         (t (litellm-edit--beside result (litellm-tr "the text was closed"))))))
         :failed (lambda (error text)
                   (litellm-text-let-go place)
                   (when text
                     (litellm-answer-show text (litellm-tr "The answer was cut off")))
                   (litellm-client-complain error)))
      ((error quit)
       (litellm-text-let-go place)
       (signal (car failure) (cdr failure))))))

(defun litellm-edit--land (result begin end)
  "Put RESULT where it belongs.
That is in the place of the text from BEGIN to END, beside, or nowhere."
  (let ((new (plist-get result :newText))
        (reason (plist-get result :reason)))
    (pcase (plist-get result :place)
      ((or "replace" "insert")
       (condition-case failure
           (progn
             (litellm-text-check-characters)
             (cond ((equal (plist-get result :place) "insert") (litellm-review-replace end end new))
                   ;; A prompt may say how its change lands.
                   ((if (plist-member result :preview) (eq t (plist-get result :preview)) litellm-review-changes)
                    (litellm-review begin end new))
                   (t (litellm-review-replace begin end new)))
             (litellm-usage-say result))
         (error (litellm-edit--beside result (litellm-text-trouble failure)))))
      ("page" (litellm-edit--beside result reason))
      (_ (litellm-client-say (format "LiteLLM: %s" reason))))))

;;;; Reading about a text

;;;###autoload
(defun litellm-explain (begin end)
  "Have the text from BEGIN to END explained, in a page beside."
  (interactive (let ((bounds (litellm-text-bounds))) (list (car bounds) (cdr bounds))))
  (litellm-edit--read begin end '(:task "explain") (litellm-tr "explaining")))

;;;###autoload
(defun litellm-write-tests (begin end)
  "Have test code written for BEGIN to END, in a page beside."
  (interactive (let ((bounds (litellm-text-bounds))) (list (car bounds) (cdr bounds))))
  (litellm-edit--read begin end '(:task "test") (litellm-tr "writing tests")))

(defun litellm-edit--read (begin end params title)
  "Have what is asked of the text from BEGIN to END with PARAMS shown, under TITLE."
  (let* ((page nil)
         (come "")
         (show (lambda (text)
                 (setq come (concat come text))
                 (unless page
                   (setq page (litellm-page-open "answer")))
                 (litellm-page-write page text)))
         ;; Closed meanwhile, or another answer stands there: all of it is shown at its end.
         (end-with (lambda (note)
                     (if (and page (not (litellm-page-write page note)))
                         (litellm-page "answer" (concat come note))))))
    (litellm-edit-ask
     (litellm-edit--question begin end params) :title title
     :delta show
     :then (lambda (result)
             (unless page
               (funcall show (litellm-edit--text result)))
             (funcall end-with (format "\n\n_%s_\n" (or (plist-get result :reason) (litellm-usage-of result)))))
     :failed (lambda (error _text)
               (funcall end-with (format "\n\n_%s_\n" (litellm-tr "The answer was cut off")))
               (litellm-client-complain error)))))

(provide 'litellm-edit)
;;; litellm-edit.el ends here
