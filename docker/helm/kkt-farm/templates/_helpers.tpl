{{- define "kkt-farm.environment" -}}
- { name: DATABASE_URL, valueFrom: { secretKeyRef: { name: {{ .Values.secretName | quote }}, key: database-url } } }
- { name: REDIS_URL, valueFrom: { secretKeyRef: { name: {{ .Values.secretName | quote }}, key: redis-url } } }
- { name: SECRET_KEY, valueFrom: { secretKeyRef: { name: {{ .Values.secretName | quote }}, key: secret-key } } }
- { name: BIND_HOST, value: "0.0.0.0" }
- { name: LOG_LEVEL, value: {{ .Values.logLevel | quote }} }
- { name: PUBLIC_BASE_URL, value: {{ .Values.publicBaseUrl | quote }} }
- { name: SHUTDOWN_TIMEOUT_MS, value: {{ .Values.shutdownTimeoutMs | quote }} }
{{- end }}

{{- define "kkt-farm.image" -}}
{{ .Values.image.repository }}:{{ .Values.image.tag }}
{{- end }}

{{- define "kkt-farm.security" -}}
allowPrivilegeEscalation: false
readOnlyRootFilesystem: true
capabilities: { drop: [ALL] }
{{- end }}
