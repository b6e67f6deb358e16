{{/*
Both components look alike. Each helper takes a dict: root (the chart's context), name, image, replicas, env.
*/}}

{{- define "echo.selector" -}}
app.kubernetes.io/name: {{ .name }}
app.kubernetes.io/instance: {{ .root.Release.Name }}
{{- end }}

{{- define "echo.labels" -}}
{{ include "echo.selector" . }}
app.kubernetes.io/part-of: echo
app.kubernetes.io/managed-by: {{ .root.Release.Service }}
helm.sh/chart: {{ printf "%s-%s" .root.Chart.Name .root.Chart.Version }}
{{- end }}

{{- define "echo.deployment" -}}
apiVersion: apps/v1
kind: Deployment
metadata:
  name: {{ .name }}
  labels:
    {{- include "echo.labels" . | nindent 4 }}
spec:
  replicas: {{ .replicas }}
  selector:
    matchLabels:
      {{- include "echo.selector" . | nindent 6 }}
  template:
    metadata:
      labels:
        {{- include "echo.selector" . | nindent 8 }}
    spec:
      {{- with .root.Values.imagePullSecrets }}
      imagePullSecrets:
        {{- toYaml . | nindent 8 }}
      {{- end }}
      automountServiceAccountToken: false
      securityContext:
        runAsNonRoot: true
        seccompProfile:
          type: RuntimeDefault
      containers:
        - name: {{ .name }}
          image: {{ printf "%s:%s" .image.repository .image.tag | quote }}
          imagePullPolicy: {{ .root.Values.image.pullPolicy }}
          {{- with .env }}
          env:
            {{- toYaml . | nindent 12 }}
          {{- end }}
          ports:
            - name: http
              containerPort: 8080
          readinessProbe:
            httpGet: { path: /healthz, port: http }
          livenessProbe:
            httpGet: { path: /healthz, port: http }
          securityContext:
            allowPrivilegeEscalation: false
            readOnlyRootFilesystem: true
            capabilities:
              drop: [ALL]
          resources:
            {{- toYaml .root.Values.resources | nindent 12 }}
{{- end }}

{{- define "echo.service" -}}
apiVersion: v1
kind: Service
metadata:
  name: {{ .name }}
  labels:
    {{- include "echo.labels" . | nindent 4 }}
spec:
  type: {{ .root.Values.service.type }}
  selector:
    {{- include "echo.selector" . | nindent 4 }}
  ports:
    - name: http
      port: {{ .root.Values.service.port }}
      targetPort: http
{{- end }}

{{/* Partition style: the Deployment itself is rolled step by step, no second workload appears. */}}
{{- define "echo.rollout" -}}
apiVersion: rollouts.kruise.io/v1beta1
kind: Rollout
metadata:
  name: {{ .name }}
  labels:
    {{- include "echo.labels" . | nindent 4 }}
spec:
  workloadRef:
    apiVersion: apps/v1
    kind: Deployment
    name: {{ .name }}
  strategy:
    canary:
      steps:
        {{- toYaml .root.Values.rollout.steps | nindent 8 }}
{{- end }}
