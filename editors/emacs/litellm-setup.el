;;; litellm-setup.el --- Where the proxy is, and how its key is given  -*- lexical-binding: t; -*-

;; SPDX-License-Identifier: MIT OR Apache-2.0

;;; Commentary:

;; Asks for address and key, tests them, and saves them for every editor, if the user wants that.  A typed key is
;; saved nowhere but in the system's keyring.

;;; Code:

(require 'litellm-usage)

(defconst litellm-setup--keys
  '(("environment variable" "env" "Name of the environment variable: " "\\`[A-Za-z_][A-Za-z0-9_]*\\'" "LITELLM_API_KEY")
    ("command that prints it, such as pass show litellm" "cmd" "Command that prints the key: " "\\`[^[:cntrl:]]*[^[:cntrl:][:space:]]" nil)
    ("file" "file" "File with the key: " "\\`[~/.$A-Za-z][^[:cntrl:]]*[/\\\\]" nil)
    ("keyring of the system" "keyring" "Name of the key in the keyring: " "\\`[A-Za-z0-9_.@-]+\\'" "litellm")
    ("typed now, kept in memory" nil nil nil nil)
    ("the proxy takes none" none nil nil nil))
  "The ways to give a key.
Each has a title, a scheme, a question, the form of its answer, a default.")

(defun litellm-setup--key (present)
  "Ask how the key is given, and return settings.
A key that is PRESENT may stay as it is."
  (let* ((keep "as it is")
         (title (completing-read "Key: " (append (and present (list keep)) (mapcar #'car litellm-setup--keys))
                                 nil t nil nil (if present keep (caar litellm-setup--keys)))))
    (pcase (assoc title litellm-setup--keys)
      ('nil nil)
      (`(,_ none . ,_) (list :apiKey nil))
      (`(,_ nil . ,_) (list :apiKey (read-passwd "Key: ")))
      (`(,_ ,scheme ,question ,pattern ,default)
       ;; What was typed at the wrong place may be the key itself, which must not stay in the history.
       (let* ((history-add-new-input nil)
              (typed (read-string question nil nil default)))
         (unless (string-match-p pattern typed)
           (user-error "LiteLLM: give %s" (downcase (string-trim-right question "[: ]+"))))
         (list :apiKey (concat scheme ":" typed)))))))

(defun litellm-setup--lasts (settings)
  "Say whether SETTINGS may be saved: they hold no typed key."
  (let ((key (plist-get settings :apiKey)))
    (or (null key)
        (seq-some (lambda (row) (and (stringp (nth 1 row)) (string-prefix-p (concat (nth 1 row) ":") key)))
                  litellm-setup--keys))))

;;;###autoload
(defun litellm-configure ()
  "Ask where the proxy is and how its key is given, and test the connection."
  (interactive)
  (let* ((known (plist-get (litellm-client-call :provider/configure '(:verify :json-false)) :settings))
         (url (read-string "Base URL of the LiteLLM proxy: " (plist-get (plist-get known :baseUrl) :value)))
         (settings (append (list :baseUrl url)
                           (litellm-setup--key (eq t (plist-get (plist-get known :apiKey) :present)))))
         (status (plist-get (litellm-client-call :provider/configure settings) :status)))
    (litellm-usage-show-status status)
    (when (and (member (plist-get status :state) '("ready" "degraded"))
               (y-or-n-p "It works.  Save this for every editor? "))
      (litellm-setup--save settings)
      (message "LiteLLM: saved; M-x litellm-use-model chooses a model"))))

(defun litellm-setup--save (settings)
  "Save SETTINGS in the settings file.
A typed key goes into the system's keyring, or nowhere."
  (unless (litellm-setup--lasts settings)
    (setq settings
          (append (list :baseUrl (plist-get settings :baseUrl))
                  (when (y-or-n-p "Put the key into the keyring of the system? ")
                    (list :apiKey (litellm-setup--store (plist-get settings :apiKey)))))))
  (litellm-client-call :provider/configure (append settings '(:persist t :verify :json-false))))

(defun litellm-setup--store (key)
  "Put KEY into the system's keyring, and return the reference to it.
The program reads it from its standard input."
  (let ((name (read-string "Name of the key in the keyring: " nil nil "litellm"))
        (default-directory (expand-file-name "~/")))
    (with-temp-buffer
      (insert key "\n")
      (unless (eql 0 (call-process-region nil nil litellm-program t t nil "config" "store-key" name))
        (user-error "LiteLLM: %s" (string-trim (buffer-string)))))
    (concat "keyring:" name)))

(provide 'litellm-setup)
;;; litellm-setup.el ends here
